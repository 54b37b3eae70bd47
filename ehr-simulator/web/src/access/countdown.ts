const MINUTE_MS = 60_000

/** `09:05`, and hours where minutes would be too many to read: `47 t 12 min`. Never less than nothing. */
export function formatRemaining(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const minutes = Math.floor(seconds / 60)
  if (minutes >= 100) return `${Math.floor(minutes / 60)} t ${minutes % 60} min`
  return `${String(minutes).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

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
