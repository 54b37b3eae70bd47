import { formatQuery, type QueryParam } from '@uthopp/smart-core/fhir/query'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import type { SearchParam } from '@uthopp/smart-core/fhir/search-query'
import { forbidden, tooCostly } from '#src/http/refusals.ts'
import { type JsonObject, objectsOf } from '#src/json.ts'
import { nextLink } from './bundle-links.ts'
import { wide, WIDE_PAGE } from './page-address.ts'
import { requireBundle } from './require-bundle.ts'
import { isMatch } from './search-review.ts'
import type { SearchPlan } from './search-step.ts'
import type { Exchange } from './step.ts'
import type { FhirCall, FhirReply } from './upstream-fhir.ts'

/** What is found by alternatives goes up as a list of ids, which servers take this many of. */
const MOST_FOUND = 200
/** A FHIR id no server gives; asking for it finds nothing. */
const NOTHING = '-'

/** A parameter the server behind us does not know must not be ignored: the answer would be wider than the question. */
const STRICT = { prefer: 'handling=strict' }

export const searchAt = (type: string, query: string): FhirCall => ({
  method: 'GET',
  url: query === '' ? type : `${type}?${query}`,
  headers: STRICT,
})

export const postedSearch = (type: string, query: string): FhirCall => ({
  method: 'POST',
  url: `${type}/_search`,
  body: query,
  contentType: 'application/x-www-form-urlencoded',
  headers: STRICT,
})

/**
 * The question to ask of the server behind us: one that matches what the caller may see and nothing else.
 *
 * When no single search says that, each allowance is asked on its own for what it finds, and the question becomes one about
 * those resources. A wider question with its answer thinned out would tell by empty pages, `next` links and the order of
 * what is left how much was hidden, and so what it holds.
 */
export async function settleSearch(
  exchange: Exchange,
  plan: SearchPlan,
  within: readonly QueryParam[],
): Promise<readonly QueryParam[]> {
  const question = confinedQuestion(plan, within)
  if (plan.constraint.exact) return question
  const found = new Set<string>()
  for (const alternative of plan.constraint.alternatives) {
    const params = [...plan.params.filter(decidesMatches).map(pairOf), ...within, ...alternative]
    for await (const { id } of visibleMatches(exchange, plan.type, params)) {
      if (typeof id === 'string') found.add(id)
      if (found.size > MOST_FOUND) throw tooMany()
    }
  }
  return [...question, ['_id', found.size === 0 ? NOTHING : [...found].join(',')]]
}

/** The same where nothing has to be looked up for it. */
export const settledQuestion = (plan: SearchPlan, within: readonly QueryParam[]): readonly QueryParam[] | undefined =>
  plan.constraint.exact ? confinedQuestion(plan, within) : undefined

const confinedQuestion = (plan: SearchPlan, within: readonly QueryParam[]): readonly QueryParam[] => [
  ...exactQuestion(plan),
  ...within.filter((extra) => !isAsked(plan, extra)),
]

/** The caller's parameters as they go up, and what confines them. */
export const exactQuestion = ({ params, constraint }: SearchPlan): readonly QueryParam[] => [
  ...params.filter(goesUp).map(pairOf),
  ...(constraint.exact ? constraint.added : []),
]

/** Questions that together find all the caller may see, one an allowance where no single one says it. Some may be found twice. */
export const questionsOf = (plan: SearchPlan): readonly (readonly QueryParam[])[] =>
  plan.constraint.exact
    ? [exactQuestion(plan)]
    : plan.constraint.alternatives.map((alternative) => [...exactQuestion(plan), ...alternative])

const pairOf = ({ raw, value }: SearchParam): QueryParam => [raw, value]

const isAsked = ({ params, constraint }: SearchPlan, [name, value]: QueryParam): boolean =>
  [...params.map(pairOf), ...constraint.added].some(([known, same]) => known === name && same === value)

const decidesMatches = ({ kind }: SearchParam): boolean => kind === 'filter' || kind === 'has'

/** Shape and format are our business. */
function goesUp({ raw, value }: SearchParam): boolean {
  if (raw === '_summary') return value === 'count'
  return raw !== '_elements' && raw !== '_format' && raw !== '_pretty'
}

/** Everything a question finds that the caller may see, all its pages. What comes back is decided again before it counts. */
export async function* visibleMatches(
  exchange: Exchange,
  type: string,
  question: readonly QueryParam[],
  first?: FhirReply,
): AsyncGenerator<Resource> {
  for await (const page of visiblePages(exchange, type, question, first)) yield* page
}

/** The same, page by page. */
export async function* visiblePages(
  exchange: Exchange,
  type: string,
  question: readonly QueryParam[],
  first?: FhirReply,
): AsyncGenerator<readonly Resource[]> {
  for await (const entries of foundPages(exchange, type, question, first)) {
    const found = entries.map(({ resource }) => ({ resource, verbs: ['search'] as const }))
    const visible = await exchange.review.visibleAmong(found, { looking: true })
    yield visible.filter((resource) => resource?.resourceType === type).filter((resource) => resource !== undefined)
  }
}

/** Everything a question finds, all its pages, and nothing of it decided. `first`: its first page, where that is here already. */
export async function* foundPages(
  exchange: Exchange,
  type: string,
  question: readonly QueryParam[],
  first?: FhirReply,
): AsyncGenerator<readonly JsonObject[]> {
  for await (const bundle of foundBundles(exchange, type, question, first))
    yield objectsOf(bundle['entry']).filter(isMatch)
}

/** The same as it came. */
export async function* foundBundles(
  exchange: Exchange,
  type: string,
  question: readonly QueryParam[],
  first?: FhirReply,
): AsyncGenerator<Resource> {
  const walk = exchange.effort.walk()
  const whole = [...question.filter(([name]) => name !== '_count'), ['_count', String(WIDE_PAGE)] as const]
  let reply = first ?? (await exchange.upstream(postedSearch(type, formatQuery(whole))))
  for (;;) {
    const bundle = requireBundle(reply, 'searchset')
    yield bundle
    const next = nextLink(exchange, bundle)
    if (next === undefined) return
    if (!walk.mayPass(objectsOf(bundle['entry']).length)) throw tooCostly()
    reply = await exchange.upstream(continuedSearch(exchange, type, wide(next)))
  }
}

/** What was posted stays out of addresses on its further pages as well, as far as these are searches of the same kind. */
function continuedSearch({ trust }: Pick<Exchange, 'trust'>, type: string, url: string): FhirCall {
  const search = `${trust.fhirUpstream}/${type}?`
  return url.startsWith(search) ? postedSearch(type, url.slice(search.length)) : { method: 'GET', url }
}

export const tooMany = (): Error =>
  forbidden('this search finds too much to be narrowed to the granted scopes; ask for less')
