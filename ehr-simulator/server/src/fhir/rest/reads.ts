import { allOk, notFound, OperationOutcomeError } from '@medplum/core'
import type { FhirRouteHandler } from '@medplum/fhir-router'
import { loadDefinitions } from '../definitions/load-definitions.ts'
import { parseDateRange } from '../index/date-range.ts'
import { badRequest, notSupported } from '../outcome.ts'
import type { FhirStore } from '../repository.ts'
import { requireParameter } from '../search/parse-clause.ts'
import type { QueryPair } from '../search/search-plan.ts'
import { LIMITS } from '../search/limits.ts'
import type { HistoryOptions } from '../store/history.ts'
import { formPairs, idOf, queryPairs, storeOf, typeOf } from './request.ts'

export const read: FhirRouteHandler = async (request, repository) => [
  allOk,
  await storeOf(repository).readResource(typeOf(request), idOf(request)),
]

export const readVersion: FhirRouteHandler = async (request, repository) => [
  allOk,
  await storeOf(repository).readVersion(typeOf(request), idOf(request), request.params['vid'] ?? ''),
]

function historyOptions(pairs: readonly QueryPair[]): HistoryOptions {
  const options: { since?: Date; count?: number; offset?: number } = {}
  for (const [name, value] of pairs) {
    if (name === '_since') {
      const since = parseDateRange(value.replace(' ', '+'))
      if (!since) throw badRequest('`_since` is not an instant')
      options.since = new Date(since.low)
    } else if (name === '_count' || name === '_offset') {
      if (!/^\d{1,9}$/.test(value)) throw badRequest(`\`${name}\` is not a whole number`)
      if (name === '_count') options.count = Math.min(Number(value), LIMITS.greatestCount)
      else options.offset = Number(value)
    } else if (name !== '_format' && name !== '_pretty')
      throw notSupported('a history takes `_since`, `_count` and `_offset`')
  }
  return options
}

export const historyOfInstance: FhirRouteHandler = async (request, repository) => [
  allOk,
  await storeOf(repository).historyPage(
    { type: typeOf(request), id: idOf(request) },
    historyOptions(queryPairs(request)),
  ),
]

export const historyOfType: FhirRouteHandler = async (request, repository) => [
  allOk,
  await storeOf(repository).historyPage({ type: typeOf(request) }, historyOptions(queryPairs(request))),
]

export const search: FhirRouteHandler = async (request, repository) => [
  allOk,
  await storeOf(repository).searchPairs(typeOf(request), queryPairs(request)),
]

export const searchByPost: FhirRouteHandler = async (request, repository) => [
  allOk,
  await storeOf(repository).searchPairs(typeOf(request), [...queryPairs(request), ...formPairs(request)]),
]

/** `Patient/1/Observation?…`: what any of the compartment's parameters of the type links to the patient (R4 compartmentdefinition.html). */
function searchCompartment(store: FhirStore, type: string, patient: string, pairs: readonly QueryPair[]) {
  const codes = loadDefinitions().patientCompartment[type]
  if (!codes) throw new OperationOutcomeError(notFound)
  const parameters = codes.map((code) => requireParameter(type, code))
  const within = {
    clauses: [{ kind: 'compartment', parameters, owner: `Patient/${patient}` } as const],
    path: `Patient/${patient}/${type}`,
  }
  return store.searchPairs(type, pairs, within)
}

export const searchInCompartment: FhirRouteHandler = async (request, repository) => [
  allOk,
  await searchCompartment(storeOf(repository), typeOf(request), idOf(request), queryPairs(request)),
]

export const searchInCompartmentByPost: FhirRouteHandler = async (request, repository) => [
  allOk,
  await searchCompartment(storeOf(repository), typeOf(request), idOf(request), [
    ...queryPairs(request),
    ...formPairs(request),
  ]),
]
