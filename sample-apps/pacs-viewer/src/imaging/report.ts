import type { Failure } from '../smart/failure.ts'
import { at, conceptText, dateAt, listAt, textAt } from '../smart/json.ts'

export type Report = {
  readonly studies: readonly string[]
  readonly issued: Date | undefined
  readonly status: string
  readonly title: string
  readonly text: string
}

const STATUSES = new Map([
  ['registered', 'Ikke besvart'],
  ['partial', 'Foreløpig svar'],
  ['preliminary', 'Foreløpig svar'],
  ['final', 'Endelig svar'],
  ['amended', 'Endret svar'],
  ['corrected', 'Rettet svar'],
  ['appended', 'Endelig svar med tillegg'],
  ['cancelled', 'Avbestilt'],
])

/** Reads an R4 DiagnosticReport that answers imaging. Reports entered in error say nothing and are left out. */
export function parseReport(resource: unknown): Report | undefined {
  const status = textAt(resource, 'status') ?? ''
  if (textAt(resource, 'resourceType') !== 'DiagnosticReport' || status === 'entered-in-error') return undefined
  return {
    studies: listAt(resource, 'imagingStudy').flatMap((reference) => textAt(reference, 'reference') ?? []),
    issued: dateAt(resource, 'issued') ?? dateAt(resource, 'effectiveDateTime'),
    status: STATUSES.get(status) ?? 'Ukjent status',
    title: conceptText(at(resource, 'code')) ?? '',
    text: textAt(resource, 'conclusion') ?? '',
  }
}

/** The answers to one study, newest first. */
export function reportsOn(studyId: string, reports: readonly Report[]): readonly Report[] {
  const time = (report: Report): number => report.issued?.getTime() ?? 0
  return reports
    .filter((report) => report.studies.some((reference) => reference.endsWith(`ImagingStudy/${studyId}`)))
    .toSorted((a, b) => time(b) - time(a))
}

/** How far the answer has come, in a word or two; what could not be read is never called missing. */
export function summaryOf({
  reports,
  failure,
}: {
  readonly reports: readonly Report[]
  readonly failure: Failure | undefined
}): string {
  if (failure) return failure.kind === 'no-access' ? 'ingen tilgang til beskrivelsen' : 'beskrivelsen kunne ikke leses'
  return reports[0]?.status ?? 'ikke beskrevet'
}
