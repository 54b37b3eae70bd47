import { allOk, created, multipleMatches, notFound, OperationOutcomeError, type WithId } from '@medplum/core'
import type { OperationOutcome, Resource } from '@medplum/fhirtypes'
import { badRequest } from '../outcome.ts'
import type { FhirStore } from '../repository.ts'
import type { QueryPair } from '../search/search-plan.ts'

/** Result parameters change what a search answers, not what it matches; criteria made only of them match everything. */
const isCriterion = ([name]: QueryPair): boolean =>
  !/^_(?:count|offset|sort|total|summary|elements|include|revinclude|format|pretty)/.test(name)

/** The one resource the criteria match; none is undefined, several are refused with 412 (R4 http.html#ccreate). */
async function onlyMatch(
  store: FhirStore,
  type: string,
  criteria: readonly QueryPair[],
): Promise<WithId<Resource> | undefined> {
  if (criteria.length === 0 || !criteria.every(isCriterion))
    throw badRequest('a conditional interaction needs search criteria, and only those')
  const bundle = await store.searchPairs(type, [...criteria, ['_count', '2']])
  const [first, second] = (bundle.entry ?? []).flatMap(({ resource }) => (resource ? [resource] : []))
  if (second) throw new OperationOutcomeError(multipleMatches)
  return first
}

type Answer = readonly [OperationOutcome, WithId<Resource>]

// Each looks and acts inside one transaction, so that two of them at once cannot both find nothing.

export function createUnlessExists(
  store: FhirStore,
  resource: Resource,
  criteria: readonly QueryPair[],
): Promise<Answer> {
  return store.transaction(async (inside) => {
    const existing = await onlyMatch(inside, resource.resourceType, criteria)
    return existing ? [allOk, existing] : [created, await inside.createResource(resource)]
  })
}

export function updateMatching(
  store: FhirStore,
  resource: Resource,
  criteria: readonly QueryPair[],
  options: { readonly ifMatch?: string },
): Promise<Answer> {
  return store.transaction(async (inside) => {
    const existing = await onlyMatch(inside, resource.resourceType, criteria)
    if (!existing) return [created, await inside.createResource(resource)]
    if (resource.id !== undefined && resource.id !== existing.id)
      throw badRequest('the resource has another id than the one the criteria match')
    return [allOk, await inside.updateResource({ ...resource, id: existing.id }, options)]
  })
}

/** Finds the one resource a conditional delete is about and hands it over within the same transaction. */
export function withMatch<T>(
  store: FhirStore,
  type: string,
  criteria: readonly QueryPair[],
  act: (inside: FhirStore, match: WithId<Resource>) => Promise<T>,
): Promise<T> {
  return store.transaction(async (inside) => {
    const existing = await onlyMatch(inside, type, criteria)
    if (!existing) throw new OperationOutcomeError(notFound)
    return act(inside, existing)
  })
}
