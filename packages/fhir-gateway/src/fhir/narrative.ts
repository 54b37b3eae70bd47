import { isRecord, type Resource } from '@uthopp/smart-core/fhir/resource'
import { isProblem } from '@uthopp/smart-core/problem'
import { unprocessable } from '#src/http/refusals.ts'
import { checkNarrative } from './xhtml.ts'

/**
 * What is written holds no narrative that does something (FHIR R4, Narrative, txt-1): another app shows it as it is.
 *
 * What the stored version says already may stay, or nobody could change what came in before.
 */
export function requireInertNarrative(proposed: Resource, stored: Resource | undefined): void {
  const there = new Set(stored === undefined ? [] : narrativesIn(stored))
  for (const text of narrativesIn(proposed)) {
    const problem = there.has(text) ? undefined : checkNarrative(text)
    if (isProblem(problem)) throw unprocessable(`a narrative is not plain XHTML (FHIR R4, txt-1): ${problem.reason}`)
  }
}

/** Wherever they stand: in sections, in contained resources, in the entries of a Bundle. `div` names nothing else in FHIR R4. */
function narrativesIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(narrativesIn)
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === 'div' && typeof inner === 'string' ? [inner] : narrativesIn(inner),
  )
}
