import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { searchParamFor } from '@uthopp/smart-core/fhir/patient-compartment'
import { patientsNamed } from '@uthopp/smart-core/fhir/patients-named'
import { formatQuery, type QueryParam } from '@uthopp/smart-core/fhir/query'
import { findSearchParameter } from '@uthopp/smart-core/fhir/search-parameters'
import type { SearchParam, SearchQuery } from '@uthopp/smart-core/fhir/search-query'
import { forbidden } from '#src/http/refusals.ts'
import { parseProjection, type Projection } from './projection.ts'
import { type Allowances, requireScope } from './require-scope.ts'
import { constraintOf } from './search-constraint.ts'
import { requireAllowedParameters } from './search-limits.ts'
import { reviewSearch } from './search-review.ts'
import type { Asked, Exchange, Step } from './step.ts'

type TypeSearch = Extract<FhirInteraction, { readonly kind: 'search-type' }>
type CompartmentSearch = Extract<FhirInteraction, { readonly kind: 'search-compartment' }>

/** One search, narrowed to what the caller may see, and how what comes back is checked. */
export type SearchPlan = {
  readonly type: string
  readonly upstreamParams: readonly QueryParam[]
  readonly exact: boolean
  readonly countOnly: boolean
  readonly projection: Projection
}

export function searchStep(exchange: Exchange, asked: Asked, { type, search, via }: TypeSearch): Step {
  return stepOf(exchange, asked, planSearch(exchange, { type, search }), via)
}

/** `Patient/<id>/Observation` is the search it stands for: that patient's Observations, and nothing by the way of it. */
export function compartmentSearchStep(exchange: Exchange, asked: Asked, interaction: CompartmentSearch): Step {
  const { compartment, id, type, search, via } = interaction
  const owner = searchParamFor(type)
  if (compartment !== 'Patient' || type === '*' || owner === undefined)
    throw forbidden('this compartment is not searched')
  if (isConfined(requireScope(exchange, { verb: 'search', type })) && id !== exchange.review.access.patient)
    throw anotherPatient()
  const plan = planSearch(exchange, { type, search })
  const named = plan.upstreamParams.some(([name, value]) => name === owner && value === id)
  return stepOf(exchange, asked, named ? plan : { ...plan, upstreamParams: [...plan.upstreamParams, [owner, id]] }, via)
}

/** Decides the request side of a search: scope, patients named, parameters, and the narrowed question. */
export function planSearch(
  exchange: Exchange,
  { type, search }: { readonly type: string; readonly search: SearchQuery },
): SearchPlan {
  const { access, bases } = exchange.review
  const allowances = requireScope(exchange, { verb: 'search', type })
  const confined = isConfined(allowances)
  if (confined && patientsNamed(search, bases).ids.some((id) => id !== access.patient)) throw anotherPatient()
  requireAllowedParameters(access, search, confined)
  const kept = search.params.map((param) => ({ ...param, value: relativeValue(exchange, type, param) }))
  const { added, exact } = constraintOf(type, allowances, { ...search, params: kept })
  const params = search.params.map(({ raw, value }): QueryParam => [raw, value])
  const countOnly = params.some(([name, value]) => name === '_summary' && value === 'count')
  return {
    type,
    upstreamParams: [
      ...kept.filter((param) => goesUp(param, exact)).map(({ raw, value }): QueryParam => [raw, value]),
      ...added,
    ],
    exact,
    countOnly,
    projection: parseProjection(params),
  }
}

const isConfined = (allowances: Allowances): boolean =>
  allowances.every((allowance) => allowance.withinPatient !== null)

const anotherPatient = (): Error => forbidden('the search names another patient than the token')

/** Shape and format are our business, and a count is only asked for when it counts what the caller may see. */
function goesUp({ raw, value }: SearchParam, exact: boolean): boolean {
  if (raw === '_summary') return value === 'count' && exact
  if (raw === '_total') return exact
  return raw !== '_elements' && raw !== '_format' && raw !== '_pretty'
}

/** Our own absolute addresses mean nothing to the server behind us; a reference is told as `Type/id`. */
function relativeValue({ trust }: Exchange, type: string, { value, name }: SearchParam): string {
  const isReference = findSearchParameter(type, name)?.type === 'reference'
  if (!isReference) return trust.toUpstream(value)
  return value
    .split(',')
    .map((one) => (one.startsWith(`${trust.fhirBase}/`) ? one.slice(trust.fhirBase.length + 1) : one))
    .join(',')
}

/** A parameter the server behind us does not know must not be ignored: the answer would be wider than the question. */
const STRICT = { prefer: 'handling=strict' }

function stepOf(exchange: Exchange, asked: Asked, plan: SearchPlan, via: 'get' | 'post'): Step {
  const query = formatQuery(plan.upstreamParams)
  const review: Step['review'] = (reply) => reviewSearch(exchange, asked, plan, reply)
  // Whoever posted a search kept its parameters out of addresses, so they stay out on the way up too.
  if (via === 'post') {
    const contentType = 'application/x-www-form-urlencoded'
    return { call: { method: 'POST', url: `${plan.type}/_search`, body: query, contentType, headers: STRICT }, review }
  }
  return { call: { method: 'GET', url: query === '' ? plan.type : `${plan.type}?${query}`, headers: STRICT }, review }
}
