const ZONE = 'Europe/Oslo'
const DAY = new Intl.DateTimeFormat('nb-NO', { timeZone: ZONE, day: '2-digit', month: '2-digit', year: 'numeric' })
const CLOCK = new Intl.DateTimeFormat('nb-NO', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' })
const ISO_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE })

/** `27.04.2026` */
const formatDay = (date: Date): string => DAY.format(date)
/** `09:05` */
export const formatClock = (date: Date): string => CLOCK.format(date)
/** `27.04.2026 09:05` */
export const formatDayAndClock = (date: Date): string => `${formatDay(date)} ${formatClock(date)}`
/** `2026-04-27`, the day it is in Norway. */
export const isoDay = (date: Date): string => ISO_DAY.format(date)

const CLOCK_SECONDS = new Intl.DateTimeFormat('nb-NO', {
  timeZone: ZONE,
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
/** `09:05:30` */
export const formatClockSeconds = (date: Date): string => CLOCK_SECONDS.format(date)

const NUMBERS = [0, 1].map(
  (digits) => new Intl.NumberFormat('nb-NO', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
)
/** `36,4` */
export const formatNumber = (value: number, digits: 0 | 1): string => NUMBERS[digits]?.format(value) ?? ''

/** `12 s`, `4 min`, `2 t 5 min`, `3 dager`: how long something took or is ago. */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} t ${minutes % 60} min`
  return `${Math.floor(hours / 24)} dager`
}
