import { allOk, created } from '@medplum/core'
import type { FhirRouteHandler } from '@medplum/fhir-router'
import { badRequest } from '../outcome.ts'
import { createUnlessExists, updateMatching, withMatch } from './conditional.ts'
import { ifMatchVersion } from './headers.ts'
import { header, idOf, patchOf, queryPairs, resourceOf, storeOf, typeOf } from './request.ts'

/** R4 http.html#create: the server chooses the id. A Bundle's processor has done so already and says so. */
export const create: FhirRouteHandler = async (request, repository, _router, options) => {
  const { id, ...content } = resourceOf(request, typeOf(request))
  const resource = options?.assignedId && id !== undefined ? { ...content, id } : content
  const condition = header(request, 'if-none-exist')
  if (condition === undefined) return [created, await storeOf(repository).createResource(resource)]
  const criteria = [...new URLSearchParams(condition.slice(condition.indexOf('?') + 1))]
  const [outcome, kept] = await createUnlessExists(storeOf(repository), resource, criteria)
  return [outcome, kept]
}

export const update: FhirRouteHandler = async (request, repository) => {
  const resource = resourceOf(request, typeOf(request))
  if (resource.id !== idOf(request)) throw badRequest('the id of the resource is not the one of the address')
  const ifMatch = ifMatchVersion(header(request, 'if-match'))
  const store = storeOf(repository)
  const existed = (await store.find(resource.resourceType, resource.id)) !== undefined
  return [existed ? allOk : created, await store.updateResource(resource, ifMatch === undefined ? {} : { ifMatch })]
}

export const updateConditionally: FhirRouteHandler = async (request, repository, _router, options) => {
  const resource = resourceOf(request, typeOf(request))
  const pairs = queryPairs(request)
  // A Bundle's processor has found that nothing matches and chosen the id; searching again would refuse that id.
  if (options?.assignedId && resource.id !== undefined)
    return [created, await storeOf(repository).createResource(resource)]
  const [outcome, kept] = await updateMatching(
    storeOf(repository),
    resource,
    pairs,
    ifMatchVersion(header(request, 'if-match')),
  )
  return [outcome, kept]
}

export const patch: FhirRouteHandler = async (request, repository) => {
  const ifMatch = ifMatchVersion(header(request, 'if-match'))
  const type = typeOf(request) as 'Patient' // any type: the router's face names it only for its generic
  return [
    allOk,
    await storeOf(repository).patchResource(
      type,
      idOf(request),
      patchOf(request),
      ifMatch === undefined ? {} : { ifMatch },
    ),
  ]
}

export const patchConditionally: FhirRouteHandler = async (request, repository) => {
  const operations = patchOf(request)
  const patched = await withMatch(storeOf(repository), typeOf(request), queryPairs(request), (inside, match) =>
    inside.patchResource(match.resourceType, match.id, operations),
  )
  return [allOk, patched]
}

export const remove: FhirRouteHandler = async (request, repository) => {
  const ifMatch = ifMatchVersion(header(request, 'if-match'))
  await storeOf(repository).deleteResource(typeOf(request), idOf(request), ifMatch === undefined ? {} : { ifMatch })
  return [allOk]
}

export const removeConditionally: FhirRouteHandler = async (request, repository) => {
  await withMatch(storeOf(repository), typeOf(request), queryPairs(request), (inside, match) =>
    inside.deleteResource(match.resourceType, match.id),
  )
  return [allOk]
}
