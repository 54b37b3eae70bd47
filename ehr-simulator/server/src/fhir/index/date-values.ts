import { BEGINNING, type DateRange, END, parseDateRange } from './date-range.ts'
import { isMembers, text, texts } from './members.ts'

function period(value: Readonly<Record<string, unknown>>): DateRange | undefined {
  const [start, end] = [text(value['start']), text(value['end'])]
  if (start === undefined && end === undefined) return undefined
  const low = start === undefined ? BEGINNING : parseDateRange(start)?.low
  const high = end === undefined ? END : parseDateRange(end)?.high
  return low === undefined || high === undefined ? undefined : { low, high }
}

/** A Timing covers everything from its first to its last known moment (R4 search.html#date). */
function timing(value: Readonly<Record<string, unknown>>): DateRange | undefined {
  const repeat = value['repeat']
  const bounds = isMembers(repeat) && isMembers(repeat['boundsPeriod']) ? period(repeat['boundsPeriod']) : undefined
  const events = texts(value['event']).flatMap((event) => parseDateRange(event) ?? [])
  const ranges = bounds ? [...events, bounds] : events
  if (ranges.length === 0) return undefined
  return { low: Math.min(...ranges.map(({ low }) => low)), high: Math.max(...ranges.map(({ high }) => high)) }
}

export function datesOf(values: readonly unknown[]): readonly DateRange[] {
  return values.flatMap((value) => {
    const range = isMembers(value)
      ? (period(value) ?? timing(value))
      : typeof value === 'string'
        ? parseDateRange(value)
        : undefined
    return range ? [range] : []
  })
}
