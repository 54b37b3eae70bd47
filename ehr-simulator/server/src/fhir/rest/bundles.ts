import { allOk } from '@medplum/core'
import { type FhirRouteHandler, processBatch } from '@medplum/fhir-router'
import type { Bundle, BundleEntry } from '@medplum/fhirtypes'
import { ANNOUNCED } from '../definitions/announced.ts'
import { isMembers, list } from '../index/members.ts'
import { badRequest, tooCostly } from '../outcome.ts'
import { LIMITS } from '../search/limits.ts'
import { parseSearch } from '../search/parse-search.ts'
import { splitQuery } from '../search/query-pairs.ts'
import { etagOf } from './headers.ts'
import { storeOf } from './request.ts'

/**
 * QUIRK(@medplum/fhir-router): its own search parser drops a modifier it does not know, so that a conditional entry would
 * match more than was asked. Reading each condition strictly first refuses those. Delete when it keeps or refuses them.
 */
function checkConditions(bundle: Bundle, bases: readonly string[]): void {
  for (const { request } of bundle.entry ?? []) {
    const conditional = request?.method === 'PUT' || request?.method === 'DELETE'
    const condition = conditional && request.url.includes('?') ? request.url : undefined
    const unlessExists = request?.ifNoneExist === undefined ? undefined : `${request.url}?${request.ifNoneExist}`
    for (const query of [condition, unlessExists]) {
      if (query === undefined) continue
      const { type, pairs } = splitQuery(query)
      if (!ANNOUNCED.has(type) || pairs.length === 0)
        throw badRequest('a conditional entry of the Bundle has no type or no criteria')
      parseSearch(type, pairs, bases)
    }
  }
}

function bundleOf(body: unknown): Bundle {
  if (!isMembers(body) || body['resourceType'] !== 'Bundle') throw badRequest('the body is not a Bundle')
  if (body['type'] !== 'batch' && body['type'] !== 'transaction')
    throw badRequest('the Bundle is neither a batch nor a transaction')
  const wellFormed = list(body['entry']).every(
    (entry) =>
      isMembers(entry) &&
      isMembers(entry['request']) &&
      typeof entry['request']['url'] === 'string' &&
      typeof entry['request']['method'] === 'string',
  )
  if (!wellFormed) throw badRequest('an entry of the Bundle has no request')
  if (list(body['entry']).length > LIMITS.bundleEntries)
    throw tooCostly(`a Bundle may have at most ${LIMITS.bundleEntries} entries`)
  return body as unknown as Bundle // what the processor relies on is checked; each entry's resource is validated when stored
}

/** What R4 http.html#transaction-response wants of each entry beside its status. */
function finishEntry(entry: BundleEntry, base: string): BundleEntry {
  const { resource, response } = entry
  if (resource?.id === undefined || resource.meta?.versionId === undefined || resource.resourceType === 'Bundle')
    return entry
  const fullUrl = `${base}/${resource.resourceType}/${resource.id}`
  const { versionId, lastUpdated } = resource.meta
  return {
    ...entry,
    fullUrl,
    response: {
      status: '200',
      ...response,
      etag: etagOf(versionId),
      location: `${fullUrl}/_history/${versionId}`,
      ...(lastUpdated === undefined ? {} : { lastModified: lastUpdated }),
    },
  }
}

/** A batch, or a transaction that is kept whole or not at all. A Bundle inside a Bundle is refused. */
export const processBundle: FhirRouteHandler = async (request, repository, router, options) => {
  if (options?.batch) throw badRequest('a Bundle inside a Bundle is not processed')
  const store = storeOf(repository)
  const bundle = bundleOf(request.body)
  checkConditions(bundle, [store.base])
  // QUIRK(@medplum/fhir-router): without this a transaction is processed as a batch, entry by entry.
  const answer = await processBatch(
    { ...request, config: { ...request.config, transactions: true } },
    store,
    router,
    bundle,
  )
  return [allOk, { ...answer, entry: (answer.entry ?? []).map((entry) => finishEntry(entry, store.base)) }]
}
