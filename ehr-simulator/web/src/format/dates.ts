/** Hospitals read wall-clock time, wherever the browser believes it is. */
const ZONE = 'Europe/Oslo'

const PARTS = new Intl.DateTimeFormat('nb-NO', {
  timeZone: ZONE,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

function partsOf(date: Date): { readonly [part in 'year' | 'month' | 'day' | 'hour' | 'minute']: string } {
  const found = new Map(PARTS.formatToParts(date).map(({ type, value }) => [type, value]))
  const part = (name: Intl.DateTimeFormatPartTypes) => found.get(name) ?? ''
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') }
}

/** `20.11.2026` */
export function formatDate(date: Date): string {
  const { day, month, year } = partsOf(date)
  return `${day}.${month}.${year}`
}

/** `09:05` */
export function formatClock(date: Date): string {
  const { hour, minute } = partsOf(date)
  return `${hour}:${minute}`
}

/** `20.11.2026 09:05` */
export const formatMoment = (date: Date): string => `${formatDate(date)} ${formatClock(date)}`

/** `20.11. 09:05` for narrow columns; a moment of another year than now's keeps its year. */
export function formatShortMoment(date: Date, now: Date): string {
  const { day, month, year } = partsOf(date)
  return year === partsOf(now).year ? `${day}.${month}. ${formatClock(date)}` : formatMoment(date)
}

/** For lists of what is near: `09:05` today, else the short moment. */
export const formatNear = (date: Date, now: Date): string =>
  osloDay(date) === osloDay(now) ? formatClock(date) : formatShortMoment(date, now)

/** The calendar day in Oslo as `2026-11-20`, comparable with FHIR dates. */
export function osloDay(date: Date): string {
  const { year, month, day } = partsOf(date)
  return `${year}-${month}-${day}`
}

/** A FHIR date (`1943`, `1943-05` or `1943-05-19`) as Norwegians write it. */
export function formatFhirDate(date: string): string {
  const [year = '', month, day] = date.split('-')
  return [day, month, year].filter((part) => part !== undefined).join('.')
}

/** `24.04.2026 – 27.04.2026`, one date where both are the same day, and an open end while it lasts. */
export function formatSpan(start: Date | null, end: Date | null): string {
  const days = [start, end].flatMap((date) => (date === null ? [] : [formatDate(date)]))
  return [...new Set(days)].join(' – ')
}

/** How long ago, in the one unit that says most: `4 min`, `3 t`, `2 d`. */
export function formatSince(at: Date, now: Date): string {
  const minutes = Math.max(0, Math.round((now.getTime() - at.getTime()) / 60_000))
  if (minutes < 90) return `${minutes} min`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} t` : `${Math.round(hours / 24)} d`
}
