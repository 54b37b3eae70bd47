import { searchJson, type Session } from '../smart/session.ts'
import { type LiveRecord, readRecord } from './live-record.ts'

export const askRecord = (session: Session, known: LiveRecord, signal: AbortSignal): Promise<LiveRecord> =>
  readRecord((query) => searchJson(session, query, signal), session.patientId ?? '', known)
