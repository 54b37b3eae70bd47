const MINUTE = 60_000
const OSLO_DAY = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Oslo', dateStyle: 'short' })
const OSLO_CLOCK = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Oslo', hour: '2-digit', minute: '2-digit' })

/** `hours` before `now`, to the whole minute; negative hours lie ahead. */
export const hoursBefore = (now: Date, hours: number): Date =>
  // The millisecond makes up for what a fraction of an hour loses on its way through a floating point number.
  new Date(Math.floor((now.getTime() - hours * 60 * MINUTE + 1) / MINUTE) * MINUTE)

export const instant = (date: Date): string => date.toISOString()

/** The calendar day in Norway. */
export const osloDay = (date: Date): string => OSLO_DAY.format(date)

/** The time of day in Norway, `HH:mm`. */
const osloClock = (date: Date): string => OSLO_CLOCK.format(date)

/** The instant at which Norwegian clocks show so many minutes after midnight of a day. */
export function osloTime(day: string, minutes: number): Date {
  const utc = Date.parse(`${day}T00:00:00Z`) + minutes * MINUTE
  const shown = new Date(utc).toISOString().slice(11, 16)
  // The two offsets Norway uses; summer time changes at 01:00 UTC, never at midnight.
  const candidates = [1, 2].map((offset) => new Date(utc - offset * 60 * MINUTE))
  const found = candidates.find((candidate) => osloClock(candidate).replace('24:', '00:') === shown)
  return found ?? new Date(utc - 60 * MINUTE)
}

/** When the Norwegian calendar day of `date` began. */
export const osloMidnight = (date: Date): Date => osloTime(osloDay(date), 0)

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 24 * 60 * MINUTE).toISOString().slice(0, 10)

export const hoursBetween = (from: Date, to: Date): number => (to.getTime() - from.getTime()) / (60 * MINUTE)
