const MINUTE_MS = 60_000

const two = (number: number): string => String(number).padStart(2, '0')

/** `09:05`, with hours in front where minutes alone would be too many to read: `47:59:58`. Never less than nothing. */
export function formatRemaining(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  const rest = two(seconds % 60)
  return isLong(ms) ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}` : `${two(minutes)}:${rest}`
}

/** So long that people plan by when it ends, not by how much is left. */
export const isLong = (ms: number): boolean => ms >= 100 * MINUTE_MS

/** `15 minutter`, `2 timer`, `48 timer` */
export function formatLength(minutes: number): string {
  if (minutes < 120) return `${minutes} minutter`
  return `${Math.round(minutes / 60)} timer`
}

/** What is said aloud as the end comes near; a clock that reads out every second is heard by nobody. */
export function announcementOf(ms: number): string {
  if (ms <= 0) return 'Tilgangen er utløpt.'
  if (ms <= MINUTE_MS) return 'Tilgangen utløper om mindre enn ett minutt.'
  if (ms <= 5 * MINUTE_MS) return 'Tilgangen utløper om mindre enn fem minutter.'
  return ''
}
