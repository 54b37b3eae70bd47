import { setImmediate } from 'node:timers/promises'
import { decideInteraction } from '@uthopp/smart-core/access'
import type { Review } from '#src/fhir/review.ts'
import type { Exchange } from '#src/fhir/step.ts'
import { parseJson } from '#src/json.ts'
import type { ExportFile, ExportJob } from './export-jobs.ts'

const VERBS = ['read', 'search'] as const

/** An export finds and reads, so a type needs both letters. */
export const isExportable = ({ access }: Review, type: string): boolean =>
  VERBS.every((verb) => decideInteraction(access, { verb, type }).effect === 'permit')

/**
 * The manifest (Bulk Data Access 2.0.0, "Complete Status"), as far as the token of this request covers its files. How many lines
 * a file has is left out, which it may be: it is decided when the file is read, and fewer than were written would tell what was
 * hidden since.
 */
export const manifestOf = ({ review, trust }: Exchange, job: ExportJob, files: readonly ExportFile[]): object => ({
  transactionTime: job.startedAt.toISOString(),
  request: job.request,
  requiresAccessToken: true,
  output: files.flatMap(({ type }, index) =>
    isExportable(review, type) ? [{ type, url: `${trust.fhirBase}/$export/${job.id}/${index}.ndjson` }] : [],
  ),
  error: [],
})

/** The lines of a file that the token of this request covers: the one it was begun with may have covered more. */
export async function readableLines(review: Review, { lines }: ExportFile): Promise<string> {
  const all = lines.toString('utf8').split('\n')
  const readable: string[] = []
  for (let from = 0; from < all.length; from += DECIDED_TOGETHER) {
    await setImmediate() // what is decided already waits for nobody, and others wait for it
    const some = all.slice(from, from + DECIDED_TOGETHER).map((line) => parseJson(line))
    const found = await review.visibleAmong(
      some.map((resource) => ({ resource, verbs: ['search'] })),
      { looking: true },
    )
    const shown = await review.visibleAmong(
      some.filter((_, index) => found[index] !== undefined).map((resource) => ({ resource, verbs: ['read'] })),
    )
    for (const resource of shown) if (resource !== undefined) readable.push(`${JSON.stringify(resource)}\n`)
  }
  return readable.join('')
}

/** So many resources, whose patients may all be different, are put before the decision point at once. */
const DECIDED_TOGETHER = 50
