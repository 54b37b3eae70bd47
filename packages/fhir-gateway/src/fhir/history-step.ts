import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { forbidden } from '#src/http/refusals.ts'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'
import { bundleLinks } from './bundle-links.ts'
import { filledHistory } from './filled-history.ts'
import { requireBundle } from './require-bundle.ts'
import { requireCurrent } from './read-step.ts'
import { requireScope } from './require-scope.ts'
import type { Asked, Exchange, Step } from './step.ts'

type InstanceHistory = Extract<FhirInteraction, { readonly kind: 'history-instance' }>
type TypeHistory = Extract<FhirInteraction, { readonly kind: 'history-type' }>

const PARAMETERS = new Set(['_count', '_since', '_at', '_format', '_pretty'])

/** SMART App Launch 2.2.0, "Scopes for requesting FHIR Resources": the history of an instance is reading it. */
export async function instanceHistoryStep(
  exchange: Exchange,
  asked: Asked,
  interaction: InstanceHistory,
): Promise<Step> {
  const { type, id, params } = interaction
  requireScope(exchange, { verb: 'read', type, id })
  const query = requireParameters(params)
  if (!exchange.review.hidesNothing('read', type)) await requireCurrent(exchange, { type, id })
  return historyStep(exchange, asked, { url: `${type}/${id}/_history`, query, verb: 'read', type })
}

/**
 * The history of a type is a search, but takes no patient to confine it by: it is for callers from whom nothing of the type is
 * hidden. Everyone else would page through emptied pages and count what they may not see.
 */
export function typeHistoryStep(exchange: Exchange, asked: Asked, { type, params }: TypeHistory): Step {
  requireScope(exchange, { verb: 'search', type })
  if (!exchange.review.hidesNothing('search', type)) throw forbidden('the history of a whole type cannot be confined')
  return historyStep(exchange, asked, {
    url: `${type}/_history`,
    query: requireParameters(params),
    verb: 'search',
    type,
  })
}

function requireParameters(params: readonly (readonly [name: string, value: string])[]): string {
  if (params.some(([name]) => !PARAMETERS.has(name)))
    throw forbidden('a history is not asked for with such a parameter')
  const kept = params.filter(([name]) => name.startsWith('_') && name !== '_format' && name !== '_pretty')
  return new URLSearchParams(kept.map(([name, value]): [string, string] => [name, value])).toString()
}

type Versions = {
  readonly url: string
  readonly query: string
  readonly verb: 'read' | 'search'
  readonly type: string
}

function historyStep(exchange: Exchange, asked: Asked, versions: Versions): Step {
  const { url, query, verb, type } = versions
  return {
    call: { method: 'GET', url: query === '' ? url : `${url}?${query}` },
    review: async (reply) => {
      const bundle = requireBundle(reply, 'history')
      const open = exchange.review.hidesNothing(verb, type)
      const { total } = bundle
      const { entries, link } = open
        ? {
            entries: await shownOf(exchange, versions, objectsOf(bundle['entry'])),
            link: bundleLinks(exchange, asked, bundle),
          }
        : await filledHistory(exchange, asked, bundle, (found, how) => shownOf(exchange, versions, found, how))
      const shown = entries.filter((entry) => entry !== undefined)
      return {
        status: 200,
        headers: {},
        resource: {
          resourceType: 'Bundle',
          type: 'history',
          ...(open && typeof total === 'number' ? { total } : {}),
          link,
          ...(shown.length > 0 ? { entry: shown } : {}),
        },
      }
    },
  }
}

/** For each version what of it is shown, or nothing. Whose a deleted resource was is unknown. */
async function shownOf(
  exchange: Exchange,
  { verb, type }: Versions,
  found: readonly JsonObject[],
  how: { readonly looking?: boolean } = {},
): Promise<readonly (JsonObject | undefined)[]> {
  const open = exchange.review.hidesNothing(verb, type)
  const visible = await exchange.review.visibleAmong(
    found.map(({ resource }) => ({ resource, verbs: [verb] })),
    how,
  )
  return found.map((entry, index) => {
    if (entry['resource'] === undefined) return open ? withRequest({}, entry) : undefined
    const resource = visible[index]
    if (resource === undefined || resource.resourceType !== type) return undefined
    const fullUrl = `${exchange.trust.fhirBase}/${type}/${stringOf(resource['id']) ?? ''}`
    return withRequest({ fullUrl, resource }, entry)
  })
}

function withRequest(shown: JsonObject, { request, response }: JsonObject): JsonObject {
  return { ...shown, ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) }
}
