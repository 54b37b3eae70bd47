import { notFound, OperationOutcomeError } from '@medplum/core'
import type { FhirRepository, FhirRequest } from '@medplum/fhir-router'
import type { Resource } from '@medplum/fhirtypes'
import { ANNOUNCED } from '../definitions/announced.ts'
import { isMembers, text } from '../index/members.ts'
import { badRequest } from '../outcome.ts'
import { FhirStore } from '../repository.ts'
import type { QueryPair } from '../search/search-plan.ts'

/** Medplum's router passes the abstract repository; the one we gave it comes back. */
export function storeOf(repository: FhirRepository): FhirStore {
  if (!(repository instanceof FhirStore)) throw new Error('the routes of this folder need a FhirStore')
  return repository
}

/** The resource type of the address. R4 http.html#2.21.0: an unknown type is not found. */
export function typeOf(request: FhirRequest): string {
  const type = request.params['resourceType'] ?? ''
  if (!ANNOUNCED.has(type)) throw new OperationOutcomeError(notFound)
  return type
}

export const idOf = (request: FhirRequest): string => request.params['id'] ?? ''

export function queryPairs(request: FhirRequest): readonly QueryPair[] {
  return Object.entries(request.query).flatMap(([name, value]) =>
    [value ?? []].flat().map((each): QueryPair => [name, each]),
  )
}

/** Pairs of a `_search` form; the door has parsed it, a Bundle cannot carry one. */
export function formPairs(request: FhirRequest): readonly QueryPair[] {
  const body: unknown = request.body
  if (!(body instanceof URLSearchParams)) throw badRequest('a search by POST carries a form')
  return [...body]
}

export const header = (request: FhirRequest, name: string): string | undefined =>
  [request.headers?.[name] ?? []].flat()[0]

/** The resource in the body, which must be of the address's type. Whether it is valid is the store's question. */
export function resourceOf(request: FhirRequest, type: string): Resource {
  const body: unknown = request.body
  if (!isMembers(body) || body['resourceType'] !== type) throw badRequest(`the body is not a resource of type ${type}`)
  if (body['id'] !== undefined && text(body['id']) === undefined) throw badRequest('the id of the resource is not text')
  if (body['meta'] !== undefined && !isMembers(body['meta']))
    throw badRequest('the meta of the resource is not an object')
  return body as unknown as Resource // its type is checked here, the rest by validation before it is stored
}
