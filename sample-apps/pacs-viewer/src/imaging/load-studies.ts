import { type Failure, failureOf } from '../smart/failure.ts'
import { searchJson, type Session } from '../smart/session.ts'
import { parseReport, type Report } from './report.ts'
import { newestFirst, parseStudy, type Study } from './study.ts'

export type Studies = {
  readonly studies: readonly Study[]
  readonly reports: readonly Report[]
  /** Images may be shown to somebody who may not read the answers; then this says why they are missing. */
  readonly reportsFailure: Failure | undefined
}

export async function loadStudies(session: Session, signal: AbortSignal): Promise<Studies> {
  const patient = encodeURIComponent(session.patientId ?? '')
  const [studies, reports] = await Promise.all([
    searchJson(session, `ImagingStudy?patient=${patient}&_sort=-started&_count=100`, signal),
    readReports(session, `DiagnosticReport?patient=${patient}&category=RAD&_count=100`, signal),
  ])
  return { studies: newestFirst(studies.flatMap((resource) => parseStudy(resource) ?? [])), ...reports }
}

async function readReports(session: Session, url: string, signal: AbortSignal): Promise<Omit<Studies, 'studies'>> {
  try {
    const found = await searchJson(session, url, signal)
    return { reports: found.flatMap((resource) => parseReport(resource) ?? []), reportsFailure: undefined }
  } catch (error) {
    signal.throwIfAborted()
    const failure = failureOf(error)
    if (failure.kind === 'expired') throw error
    return { reports: [], reportsFailure: failure }
  }
}
