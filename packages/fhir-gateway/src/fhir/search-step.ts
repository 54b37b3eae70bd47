import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { searchParamFor } from '@uthopp/smart-core/fhir/patient-compartment'
import { patientsNamed } from '@uthopp/smart-core/fhir/patients-named'
import { formatQuery, type QueryParam } from '@uthopp/smart-core/fhir/query'
import { findSearchParameter } from '@uthopp/smart-core/fhir/search-parameters'
import { PAGING_PARAMS, type SearchParam, type SearchQuery } from '@uthopp/smart-core/fhir/search-query'
import { badRequest, forbidden } from '#src/http/refusals.ts'
import { includesOf } from './included.ts'
import { parseProjection, type Projection } from './projection.ts'
import { type Allowances, requireScope } from './require-scope.ts'
import { type Constraint, constraintOf } from './search-constraint.ts'
import { policedQuestion, policedSearch } from './policed-search.ts'
import { requireAllowedParameters, requireUnprobing } from './search-limits.ts'
import { reviewSearch } from './search-review.ts'
import { meanwhile, standingOfSearch } from './standing.ts'
import { postedSearch, searchAt, settledQuestion, settleSearch } from './settle-search.ts'
import type { Asked, Exchange, Step } from './step.ts'
import type { FhirCall } from './upstream-fhir.ts'

type TypeSearch = Extract<FhirInteraction, { readonly kind: 'search-type' }>
type CompartmentSearch = Extract<FhirInteraction, { readonly kind: 'search-compartment' }>

/** What a page has where nobody says, and at most. */
const USUAL_SIZE = 50
const MOST_SIZE = 500

/** Longer addresses are cut or refused by servers in between. */
const LONGEST_QUERY = 4000

/** One search, narrowed to what the caller may see, and how what comes back is checked. */
export type SearchPlan = {
  readonly type: string
  /** What the caller asks, and what confines it. */
  readonly params: readonly SearchParam[]
  /** Patients the search is about, as far as that is known before: the token's, or those the caller names. */
  readonly patients: readonly string[]
  readonly constraint: Constraint
  readonly countOnly: boolean
  /** True when the caller wants to know how many there are, beside some of them. */
  readonly asksTotal: boolean
  /** Matches a page of the answer has at most. */
  readonly size: number
  readonly projection: Projection
}

export async function searchStep(exchange: Exchange, asked: Asked, { type, search, via }: TypeSearch): Promise<Step> {
  return stepOf(exchange, asked, planSearch(exchange, { type, search }), via)
}

/** `Patient/<id>/Observation` is the search it stands for: that patient's Observations, and nothing by the way of it. */
export async function compartmentSearchStep(
  exchange: Exchange,
  asked: Asked,
  interaction: CompartmentSearch,
): Promise<Step> {
  const { compartment, id, type, search, via } = interaction
  const owner = searchParamFor(type)
  if (compartment !== 'Patient' || type === '*' || owner === undefined)
    throw forbidden('this compartment is not searched')
  if (isConfined(requireScope(exchange, { verb: 'search', type })) && id !== exchange.review.access.patient)
    throw anotherPatient()
  return stepOf(exchange, asked, planSearch(exchange, { type, search }), via, [[owner, id]])
}

/** Decides the request side of a search: scope, patients named, parameters, and how the question is narrowed. */
export function planSearch(
  exchange: Exchange,
  { type, search }: { readonly type: string; readonly search: SearchQuery },
): SearchPlan {
  const { access, bases } = exchange.review
  requireNoPlace(search)
  const allowances = requireScope(exchange, { verb: 'search', type })
  const confined = isConfined(allowances)
  const named = patientsNamed(search, bases).ids
  if (confined && named.some((id) => id !== access.patient)) throw anotherPatient()
  requireAllowedParameters(access, search, confined)
  requireUnprobing(search, exchange.review.judge)
  const params = search.params.map((param) => ({ ...param, value: relativeValue(exchange, type, param) }))
  const asked = search.params.map(({ raw, value }): QueryParam => [raw, value])
  const count = countOf(asked)
  return {
    type,
    params,
    patients: confined && access.patient !== undefined ? [access.patient] : named,
    constraint: constraintOf(type, allowances, { ...search, params }),
    countOnly: count === 0 || asked.some(([name, value]) => name === '_summary' && value === 'count'),
    asksTotal: asked.some(([name, value]) => name === '_total' && value !== 'none'),
    size: Math.min(Math.max(count ?? USUAL_SIZE, 1), MOST_SIZE),
    projection: parseProjection(asked),
  }
}

/** A page named by its place would be counted by what lies before it, seen or not; a link of ours leads to the same. */
function requireNoPlace(search: SearchQuery): void {
  if (search.params.some(({ raw }) => PAGING_PARAMS.has(raw)))
    throw badRequest('further pages are reached by the `next` link of the page before')
}

/** FHIR R4, Search, "Page Count": none asked for is a count of them all. */
function countOf(asked: readonly QueryParam[]): number | undefined {
  const counts = asked.filter(([name]) => name === '_count').map(([, value]) => value)
  const [count] = counts
  if (count === undefined) return undefined
  if (counts.length > 1 || !/^\d{1,9}$/.test(count)) throw badRequest('`_count` is one whole number')
  return Number(count)
}

const isConfined = (allowances: Allowances): boolean =>
  allowances.every((allowance) => allowance.withinPatient !== null)

const anotherPatient = (): Error => forbidden('the search names another patient than the token')

/** Our own absolute addresses mean nothing to the server behind us; a reference is told as `Type/id`. */
function relativeValue({ trust }: Exchange, type: string, { value, name }: SearchParam): string {
  const kind = findSearchParameter(type, name)?.type
  if (kind === 'uri' || kind === 'token') return trust.toUpstream(value)
  if (kind !== 'reference') return value
  return value
    .split(',')
    .map((one) => (one.startsWith(`${trust.fhirBase}/`) ? one.slice(trust.fhirBase.length + 1) : one))
    .join(',')
}

/** What comes along may be hidden where what matches is not. */
const typesBroughtBy = (plan: SearchPlan): readonly string[] =>
  includesOf(plan).flatMap(({ touches }) => touches.map(({ type }) => type))

async function stepOf(
  exchange: Exchange,
  asked: Asked,
  plan: SearchPlan,
  via: 'get' | 'post',
  within: readonly QueryParam[] = [],
): Promise<Step> {
  const isPoliced = [plan.type, ...typesBroughtBy(plan)].some(exchange.review.judge.mayHide)
  const asAsked = (question: readonly QueryParam[]) => (isPoliced ? policedQuestion(plan, question) : question)
  const callFor = (question: readonly QueryParam[]): FhirCall => {
    const query = formatQuery(asAsked(question))
    // Whoever posted a search kept its parameters out of addresses, so they stay out on the way up too.
    return via === 'post' || query.length > LONGEST_QUERY ? postedSearch(plan.type, query) : searchAt(plan.type, query)
  }
  const known = settledQuestion(plan, within)
  const { standing, reply: early } = await meanwhile(exchange, asked, plan, known && callFor(known), () =>
    standingOfSearch(exchange, plan),
  )
  const question = known ?? (await settleSearch(exchange, plan, within))
  return {
    call: callFor(question),
    reply: early,
    review: (reply) =>
      isPoliced
        ? policedSearch(exchange, asked, reply, { plan, question, standing })
        : reviewSearch(exchange, asked, plan, reply),
  }
}
