const MINUTE = 60_000
const OSLO_DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo', dateStyle: 'short' })
const OSLO_CLOCK = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Oslo', hour: '2-digit', minute: '2-digit' })

/** `hours` before `now`, to the whole minute; negative hours lie ahead. */
export const hoursBefore = (now: Date, hours: number): Date =>
  new Date(Math.floor((now.getTime() - hours * 60 * MINUTE) / MINUTE) * MINUTE)

export const instant = (date: Date): string => date.toISOString()

/** The calendar day in Norway. */
export const osloDay = (date: Date): string => OSLO_DAY.format(date)

/** The time of day in Norway, `HH:mm`. */
const osloClock = (date: Date): string => OSLO_CLOCK.format(date)

/** When the Norwegian calendar day of `date` began. */
export function osloMidnight(date: Date): Date {
  // The two offsets Norway uses; summer time changes at 01:00 UTC, never at midnight.
  const candidates = [1, 2].map((offset) => new Date(Date.parse(`${osloDay(date)}T00:00:00Z`) - offset * 60 * MINUTE))
  const midnight = candidates.find((candidate) => osloClock(candidate) === '00:00' || osloClock(candidate) === '24:00')
  return midnight ?? hoursBefore(date, 24)
}
