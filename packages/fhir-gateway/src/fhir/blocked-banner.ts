import { formatQuery, type QueryParam } from '@uthopp/smart-core/fhir/query'
import { objectsOf } from '#src/json.ts'
import { nextLink } from './bundle-links.ts'
import { requireBundle } from './require-bundle.ts'
import { postedSearch } from './settle-search.ts'
import type { SearchPlan } from './search-step.ts'
import type { Exchange } from './step.ts'
import type { FhirCall } from './upstream-fhir.ts'

/** Parameters that say how an answer looks, and nothing of what is found. */
const SHAPE: ReadonlySet<string> = new Set(['_count', '_sort', '_elements', '_summary', '_total', '_format', '_pretty'])
const WHOSE: ReadonlySet<string> = new Set(['patient', 'subject'])

/**
 * True for a search for all of one type about one patient. Only its answer may tell that something is blocked (CE-37): beside
 * any narrower question the same words would say that the blocked item matches it, and so, question by question, what it holds.
 */
export const asksForAll = ({ params, patients, constraint }: SearchPlan): boolean =>
  patients.length === 1 &&
  params.every(({ raw }) => SHAPE.has(raw) || WHOSE.has(raw)) &&
  constraint.exact &&
  constraint.added.every(([name]) => WHOSE.has(name))

const PAGE = '200'
const MOST_PAGES = 2

/**
 * Whether somebody who could open it may be told that something of this type is blocked. Looked up apart from the page that is
 * asked for, whose length and order would tell how many and where.
 */
export async function findsBlocked(
  exchange: Exchange,
  { type, patients }: SearchPlan,
  question: readonly QueryParam[],
): Promise<boolean> {
  const whole = formatQuery([...question.filter(([name]) => !SHAPE.has(name)), ['_count', PAGE]])
  const glimpse = exchange.glimpses.of(`nothing blocked ${type} ${whole}`, patients)
  if (glimpse.isKnown) return false
  const before = exchange.ledger.denials()
  let found = false
  const onBanner = (): void => {
    found = true
  }
  let call: FhirCall | undefined = postedSearch(type, whole)
  for (let page = 0; call !== undefined && page < MOST_PAGES; page += 1) {
    const bundle = requireBundle(await exchange.upstream(call), 'searchset')
    const candidates = objectsOf(bundle['entry']).map(({ resource }) => ({ resource, verbs: ['search'] as const }))
    await exchange.review.visibleAmong(candidates, { looking: true, onBanner })
    const url = nextLink(exchange, bundle)
    call = url === undefined ? undefined : { method: 'GET', url }
  }
  // What was denied is denied and logged each time; only that there was nothing of the kind is remembered for a moment.
  if (!found && exchange.ledger.denials() === before) glimpse.note()
  return found
}
