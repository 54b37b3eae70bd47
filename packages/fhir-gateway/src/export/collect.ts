import { parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { isProblem } from '@uthopp/smart-core/problem'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { planSearch } from '#src/fhir/search-step.ts'
import { questionsOf, visiblePages } from '#src/fhir/settle-search.ts'
import type { Exchange } from '#src/fhir/step.ts'
import type { ExportFile } from './export-jobs.ts'

const PAGE = 500
/** Files of about this size; a service reads one while it fetches the next. */
const FILE_BYTES = 8 * 1024 * 1024

/** More than this process keeps. */
export class ExportTooLarge extends Error {
  override readonly name = 'ExportTooLarge'
}

export type Collecting = {
  readonly types: readonly string[]
  readonly since: string | undefined
  readonly mostBytes: number
  readonly cancelled: AbortSignal
  readonly onProgress: (progress: string) => void
}

/**
 * Reads everything of these types that the caller may see, by ordinary searches of the server behind us, so that any FHIR
 * server can be exported from. Each resource is decided as in a search and as in a read.
 */
export async function collect(exchange: Exchange, wanted: Collecting): Promise<readonly ExportFile[]> {
  const files: ExportFile[] = []
  let bytes = 0
  for (const [index, type] of wanted.types.entries()) {
    wanted.onProgress(`${index} of ${wanted.types.length} types`)
    let lines: Buffer[] = []
    let size = 0
    const close = () => {
      if (lines.length > 0) files.push({ type, count: lines.length, lines: Buffer.concat(lines) })
      lines = []
      size = 0
    }
    for await (const resource of everything(exchange, type, wanted.since)) {
      wanted.cancelled.throwIfAborted()
      const line = Buffer.from(`${JSON.stringify(exchange.trust.resourceToOurs(resource))}\n`)
      bytes += line.length
      size += line.length
      if (bytes > wanted.mostBytes) throw new ExportTooLarge()
      lines.push(line)
      if (size >= FILE_BYTES) close()
    }
    close()
  }
  return files
}

/** What several scopes open is found several times, and told once; so is what moved to a later page meanwhile. */
async function* everything(exchange: Exchange, type: string, since: string | undefined): AsyncGenerator<Resource> {
  const query = new URLSearchParams({
    _count: String(PAGE),
    ...(since === undefined ? {} : { _lastUpdated: `ge${since}` }),
  })
  const interaction = parseFhirInteraction({ method: 'GET', path: type, query: query.toString() })
  if (isProblem(interaction) || interaction.kind !== 'search-type') throw new Error('our own search is not understood')
  const told = new Set<unknown>()
  for (const question of questionsOf(planSearch(exchange, interaction))) {
    for await (const page of visiblePages(exchange, type, question)) {
      const fresh = page.filter(({ id }) => !told.has(id)).map((resource) => ({ resource, verbs: ['read'] as const }))
      for (const resource of await exchange.review.visibleAmong(fresh, { looking: true })) {
        if (resource === undefined) continue
        told.add(resource['id'])
        yield resource
      }
    }
  }
}
