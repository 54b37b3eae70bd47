import { searchJson, type Session } from '../smart/session.ts'
import { askFrom, type LastHour, takeIn } from './last-hour.ts'
import { WATCHED_CODES } from './signs.ts'

/** First what is newest, then only what changed since. */
export async function askVitals(session: Session, known: LastHour, signal: AbortSignal): Promise<LastHour> {
  const search = `Observation?patient=${encodeURIComponent(session.patientId ?? '')}&code=${WATCHED_CODES.join(',')}`
  const from = askFrom(known)
  const more = from
    ? `&_lastUpdated=gt${encodeURIComponent(from)}&_sort=_lastUpdated&_count=200`
    : '&_sort=-date&_count=500'
  return takeIn(known, await searchJson(session, search + more, signal), new Date())
}
