const ZONE = 'Europe/Oslo'
const DAY = new Intl.DateTimeFormat('nb-NO', { timeZone: ZONE, day: '2-digit', month: '2-digit', year: 'numeric' })
const CLOCK = new Intl.DateTimeFormat('nb-NO', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' })
const ISO_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE })

/** `27.04.2026` */
export const formatDay = (date: Date): string => DAY.format(date)
/** `09:05` */
const formatClock = (date: Date): string => CLOCK.format(date)
/** `27.04.2026 09:05` */
export const formatDayAndClock = (date: Date): string => `${formatDay(date)} ${formatClock(date)}`
/** `2026-04-27`, the day it is in Norway. */
export const isoDay = (date: Date): string => ISO_DAY.format(date)
