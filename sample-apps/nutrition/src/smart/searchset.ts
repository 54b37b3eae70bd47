import { at, isJson, type Json, listAt, textAt } from './json.ts'

/**
 * What a search found; undefined where the answer does not say. Included resources and OperationOutcomes are no matches.
 *
 * INVARIANT: an empty list means that the server looked and found nothing.
 */
export function matchesIn(answer: Json): readonly Json[] | undefined {
  if (answer['resourceType'] !== 'Bundle' || answer['type'] !== 'searchset') return undefined
  const entries = listAt(answer, 'entry')
  const matches = entries.flatMap((entry) => {
    const resource = at(entry, 'resource')
    return modeOf(entry) === 'match' && isJson(resource) ? [resource] : []
  })
  return matches.length === 0 && entries.some(saysIncomplete) ? undefined : matches
}

const modeOf = (entry: unknown): string => textAt(entry, 'search', 'mode') ?? 'match'

/** Issue types of FHIR R4 a server leaves out results by (value set issue-type). */
const INCOMPLETE = ['incomplete', 'too-costly', 'timeout', 'exception']

const saysIncomplete = (entry: unknown): boolean =>
  modeOf(entry) === 'outcome' &&
  listAt(entry, 'resource', 'issue').some(
    (issue) =>
      INCOMPLETE.includes(textAt(issue, 'code') ?? '') || ['error', 'fatal'].includes(textAt(issue, 'severity') ?? ''),
  )
