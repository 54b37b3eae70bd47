const ISO_DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Oslo' })

/** `2026-04-27`, the day it is in Norway. */
export const isoDay = (date: Date): string => ISO_DAY.format(date)
