/** A moment known to some precision: every instant from `low` up to, not including, `high` (milliseconds since 1970). */
export type DateRange = { readonly low: number; readonly high: number }

/** Open ends of a period. Kept well inside the integers that SQLite and JavaScript agree on. */
export const BEGINNING = -8_640_000_000_000_000
export const END = 8_640_000_000_000_000

const HOUR = 3_600_000
const SHAPE =
  /^(?<year>\d{4})(?:-(?<month>0[1-9]|1[0-2])(?:-(?<day>0[1-9]|[12]\d|3[01])(?:T(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)(?::(?<second>[0-5]\d)(?:\.(?<fraction>\d{1,9}))?)?(?<zone>Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?)?)?$/

/** Last Sunday of a month at 01:00 UTC, when European summer time begins (March) and ends (October). */
function lastSundayAt1(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month + 1, 0))
  return Date.UTC(year, month, lastDay.getUTCDate() - lastDay.getUTCDay(), 1)
}

/**
 * Reads local Norwegian wall time as an instant. R4 search.html#date: a value without a zone is in the server's own.
 * Today's summer-time rule is applied to every year; data and searches go through the same function, so they agree.
 */
function fromNorwegianTime(wallClock: number): number {
  const year = new Date(wallClock).getUTCFullYear()
  const winter = wallClock - HOUR
  const summer = winter >= lastSundayAt1(year, 2) && wallClock - 2 * HOUR < lastSundayAt1(year, 9)
  return summer ? wallClock - 2 * HOUR : winter
}

function zoneOffset(zone: string): number {
  if (zone === 'Z') return 0
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000
}

/** Reads a FHIR date, dateTime or instant as far as it is known; undefined when it is none. */
export function parseDateRange(text: string): DateRange | undefined {
  const part = SHAPE.exec(text)?.groups
  if (!part) return undefined
  const number = (name: string, otherwise: number): number =>
    part[name] === undefined ? otherwise : Number(part[name])
  const [year, month, day] = [number('year', 1970), number('month', 1), number('day', 1)]
  const milliseconds = part['fraction'] === undefined ? 0 : Number(part['fraction'].padEnd(3, '0').slice(0, 3))
  const wall = (y: number, m: number, d: number, rest = 0) => new Date(0).setUTCFullYear(y, m - 1, d) + rest
  const start = wall(year, month, day)
  if (part['day'] !== undefined && new Date(start).getUTCDate() !== day) return undefined // 30 February

  const instant = (wallClock: number): number => {
    const zone = part['zone']
    return zone === undefined ? fromNorwegianTime(wallClock) : wallClock - zoneOffset(zone)
  }
  if (part['month'] === undefined) return { low: instant(start), high: instant(wall(year + 1, 1, 1)) }
  if (part['day'] === undefined) return { low: instant(start), high: instant(wall(year, month + 1, 1)) }
  if (part['hour'] === undefined) return { low: instant(start), high: instant(wall(year, month, day + 1)) }
  const time = number('hour', 0) * HOUR + number('minute', 0) * 60_000 + number('second', 0) * 1000 + milliseconds
  const precision = part['second'] === undefined ? 60_000 : part['fraction'] === undefined ? 1000 : 1
  const low = instant(start + time)
  return { low, high: low + precision }
}
