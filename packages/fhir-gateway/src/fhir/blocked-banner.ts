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

const PAGE = 200
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
  const whole = question.filter(([name]) => !SHAPE.has(name))
  const glimpse = exchange.glimpses.of(`nothing blocked ${type} ${formatQuery(whole)}`, patients)
  if (glimpse.isKnown) return false
  const before = exchange.ledger.denials()
  const places = await placesToLook(exchange, type, patients)
  const found = await Promise.all(places.map((place) => findsBlockedAt(exchange, type, whole, place)))
  const finds = found.includes(true)
  // What was denied is denied and logged each time; only that there was nothing of the kind is remembered for a moment.
  if (!finds && exchange.ledger.denials() === before) glimpse.note()
  return finds
}

/** Among all of a type, or among those that meet a condition more. */
type Place = readonly QueryParam[]
const ALL: Place = []

async function placesToLook(
  { review }: Exchange,
  type: string,
  [patient = '']: readonly string[],
): Promise<readonly Place[]> {
  const blockable = await review.judge.blockable(type, patient)
  if (blockable === 'nothing') return []
  if (blockable === 'anything') return [ALL]
  const ids = blockable.names.flatMap((name) => (name.startsWith(`${type}/`) ? [name.slice(type.length + 1)] : []))
  if (ids.length > PAGE) return [ALL]
  return [
    [['_security', `${blockable.labelSystem}|`]],
    ...(ids.length === 0 ? [] : [[['_id', ids.join(',')]] as const]),
  ]
}

async function findsBlockedAt(
  exchange: Exchange,
  type: string,
  whole: readonly QueryParam[],
  place: Place,
): Promise<boolean> {
  let found = false
  const onBanner = (): void => {
    found = true
  }
  let call: FhirCall | undefined = postedSearch(type, formatQuery([...whole, ...place, ['_count', String(PAGE)]]))
  for (let page = 0; call !== undefined && page < MOST_PAGES; page += 1) {
    const reply = await exchange.upstream(call)
    // A server that cannot search by labels is asked for everything.
    if (page === 0 && place !== ALL && reply.status === 400) return findsBlockedAt(exchange, type, whole, ALL)
    const bundle = requireBundle(reply, 'searchset')
    const candidates = objectsOf(bundle['entry']).map(({ resource }) => ({ resource, verbs: ['search'] as const }))
    await exchange.review.visibleAmong(candidates, { looking: true, onBanner })
    const url = nextLink(exchange, bundle)
    call = url === undefined ? undefined : { method: 'GET', url }
  }
  return found
}
