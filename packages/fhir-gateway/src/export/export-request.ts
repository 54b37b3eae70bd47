import { type Problem, problem } from '@uthopp/smart-core/problem'
import { isResourceType } from '@uthopp/smart-core/fhir/resource-types'

/** What a backend service wants exported (Bulk Data Access 2.0.0, "Bulk Data Kick-off Request"). */
export type ExportRequest = {
  readonly level: 'system' | 'patient'
  /** Types asked for by name; `undefined` asks for every type that is offered and covered. */
  readonly types: readonly string[] | undefined
  /** Only what changed since, as it was written. */
  readonly since: string | undefined
}

const FORMATS = new Set(['application/fhir+ndjson', 'application/ndjson', 'ndjson'])
/** FHIR R4 `instant`: to the second at least, with a time zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

/**
 * Reads the query of a kick-off. What we do not know is refused rather than ignored, since the export would be another one;
 * whoever prefers lenient handling has that one (Bulk Data Access 2.0.0, "Bulk Data Kick-off Request").
 */
export function parseExportRequest(
  level: ExportRequest['level'],
  query: URLSearchParams,
  lenient: boolean,
): ExportRequest | Problem {
  const types: string[] = []
  let since: string | undefined
  for (const [name, value] of query) {
    switch (name) {
      case '_outputFormat':
        // A plus in a query is a space to a form reader and a plus to the client who wrote it.
        if (!FORMATS.has(value.replace(' ', '+'))) return problem(value, 'only NDJSON is written')
        break
      case '_type':
        types.push(...value.split(','))
        break
      case '_since':
        if (
          since !== undefined ||
          !INSTANT.test(value.replace(' ', '+')) ||
          Number.isNaN(Date.parse(value.replace(' ', '+')))
        )
          return problem(value, '`_since` is one instant')
        since = value.replace(' ', '+')
        break
      default:
        if (!lenient) return problem(name, 'an export takes `_outputFormat`, `_type` and `_since`')
    }
  }
  if (!types.every(isResourceType)) return problem('_type', '`_type` names a type that does not exist')
  return { level, types: query.has('_type') ? [...new Set(types)] : undefined, since }
}
