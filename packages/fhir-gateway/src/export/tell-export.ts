import { decideInteraction } from '@uthopp/smart-core/access'
import type { Review } from '#src/fhir/review.ts'
import type { Exchange } from '#src/fhir/step.ts'
import { parseJson } from '#src/json.ts'
import type { ExportFile, ExportJob } from './export-jobs.ts'

const VERBS = ['read', 'search'] as const

/** An export finds and reads, so a type needs both letters. */
export const isExportable = ({ access }: Review, type: string): boolean =>
  VERBS.every((verb) => decideInteraction(access, { verb, type }).effect === 'permit')

/** The manifest (Bulk Data Access 2.0.0, "Complete Status"), as far as the token of this request covers its files. */
export const manifestOf = ({ review, trust }: Exchange, job: ExportJob, files: readonly ExportFile[]): object => ({
  transactionTime: job.startedAt.toISOString(),
  request: job.request,
  requiresAccessToken: true,
  output: files.flatMap(({ type, count }, index) =>
    isExportable(review, type) ? [{ type, url: `${trust.fhirBase}/$export/${job.id}/${index}.ndjson`, count }] : [],
  ),
  error: [],
})

/** The lines of a file that the token of this request covers: the one it was begun with may have covered more. */
export function readableLines(review: Review, { type, lines }: ExportFile): Buffer | string {
  if (VERBS.every((verb) => review.unrestricted(verb, type))) return lines
  return lines
    .toString('utf8')
    .split('\n')
    .filter((line) => VERBS.every((verb) => review.visible(parseJson(line), [verb]) !== undefined))
    .map((line) => `${line}\n`)
    .join('')
}
