import { allOk, conflict, created, OperationOutcomeError } from '@medplum/core'
import type { FhirRequest, FhirRouteHandler } from '@medplum/fhir-router'
import { badRequest } from '../outcome.ts'
import { createUnlessExists, updateMatching, withMatch } from './conditional.ts'
import { ifMatchVersion } from './headers.ts'
import { header, idOf, queryPairs, resourceOf, storeOf, typeOf } from './request.ts'

/** What `If-Match` asks of a write. */
function unlessChanged(request: FhirRequest): { readonly ifMatch?: string } {
  const ifMatch = ifMatchVersion(header(request, 'if-match'))
  return ifMatch === undefined ? {} : { ifMatch }
}

/** R4 http.html#create: the server chooses the id. A Bundle's processor has done so already and says so. */
export const create: FhirRouteHandler = async (request, repository, _router, options) => {
  const { id, ...content } = resourceOf(request, typeOf(request))
  const resource = options?.assignedId && id !== undefined ? { ...content, id } : content
  const condition = header(request, 'if-none-exist')
  if (condition === undefined) return [created, await storeOf(repository).createResource(resource)]
  const criteria = [...new URLSearchParams(condition.slice(condition.indexOf('?') + 1))]
  return [...(await createUnlessExists(storeOf(repository), resource, criteria))]
}

export const update: FhirRouteHandler = async (request, repository) => {
  const resource = resourceOf(request, typeOf(request))
  if (resource.id !== idOf(request)) throw badRequest('the id of the resource is not the one of the address')
  const store = storeOf(repository)
  const existed = (await store.find(resource.resourceType, resource.id)) !== undefined
  return [existed ? allOk : created, await store.updateResource(resource, unlessChanged(request))]
}

export const updateConditionally: FhirRouteHandler = async (request, repository, _router, options) => {
  const store = storeOf(repository)
  const resource = resourceOf(request, typeOf(request))
  const criteria = queryPairs(request)
  if (!options?.assignedId) return [...(await updateMatching(store, resource, criteria, unlessChanged(request)))]
  // A Bundle's processor found no match and chose the id, which other entries refer to by now: it must still be so.
  const [outcome, kept] = await createUnlessExists(store, resource, criteria)
  if (kept.id !== resource.id) throw new OperationOutcomeError(conflict('somebody else created a match meanwhile'))
  return [outcome, kept]
}

export const remove: FhirRouteHandler = async (request, repository) => {
  await storeOf(repository).deleteResource(typeOf(request), idOf(request), unlessChanged(request))
  return [allOk]
}

export const removeConditionally: FhirRouteHandler = async (request, repository) => {
  const options = unlessChanged(request)
  await withMatch(storeOf(repository), typeOf(request), queryPairs(request), (inside, match) =>
    inside.deleteResource(match.resourceType, match.id, options),
  )
  return [allOk]
}
