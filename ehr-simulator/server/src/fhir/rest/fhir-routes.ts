import { OperationOutcomeError } from '@medplum/core'
import { type FhirRouteHandler, FhirRouter, type HttpMethod, type RestInteraction } from '@medplum/fhir-router'
import { processBundle } from './bundles.ts'
import {
  historyOfInstance,
  historyOfType,
  read,
  readVersion,
  search,
  searchByPost,
  searchInCompartment,
  searchInCompartmentByPost,
} from './reads.ts'
import { create, remove, removeConditionally, update, updateConditionally } from './writes.ts'

/** Everything this server does; `metadata` is the door's. What is not here is not found. */
const ROUTES: readonly (readonly [HttpMethod, string, RestInteraction, FhirRouteHandler])[] = [
  ['POST', '', 'batch', processBundle],
  ['GET', ':resourceType', 'search-type', search],
  ['POST', ':resourceType/_search', 'search-type', searchByPost],
  ['GET', ':resourceType/_history', 'history-type', historyOfType],
  ['GET', ':resourceType/:id', 'read', read],
  ['GET', ':resourceType/:id/_history', 'history-instance', historyOfInstance],
  ['GET', ':resourceType/:id/_history/:vid', 'vread', readVersion],
  // After the history: of two equally specific routes Medplum's router takes the first.
  ['GET', 'Patient/:id/:resourceType', 'search-type', searchInCompartment],
  ['POST', 'Patient/:id/:resourceType/_search', 'search-type', searchInCompartmentByPost],
  ['POST', ':resourceType', 'create', create],
  ['PUT', ':resourceType/:id', 'update', update],
  ['PUT', ':resourceType', 'update', updateConditionally],
  ['DELETE', ':resourceType/:id', 'delete', remove],
  ['DELETE', ':resourceType', 'delete', removeConditionally],
]

/** Medplum's processor turns any error of an entry into that entry's text; what is our bug is told to `unexpected` and hidden. */
function guarded(handler: FhirRouteHandler, unexpected: (error: unknown) => void): FhirRouteHandler {
  return async (...given) => {
    try {
      return await handler(...given)
    } catch (error) {
      if (error instanceof OperationOutcomeError) throw error
      unexpected(error)
      throw new OperationOutcomeError({
        resourceType: 'OperationOutcome',
        issue: [{ severity: 'error', code: 'exception', details: { text: 'internal error' } }],
      })
    }
  }
}

/** Medplum's router and Bundle processor with our handlers, which are strict where its own are lenient. */
export function createFhirRoutes(unexpected: (error: unknown) => void): FhirRouter {
  const router = new FhirRouter()
  router.router.routes.length = 0 // its own handlers, and GraphQL, which nobody announced
  for (const [method, path, interaction, handler] of ROUTES)
    router.add(method, path, guarded(handler, unexpected), interaction)
  return router
}
