import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { forbidden } from '#src/http/refusals.ts'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'
import { bundleLinks } from './bundle-links.ts'
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

function historyStep(
  exchange: Exchange,
  asked: Asked,
  {
    url,
    query,
    verb,
    type,
  }: { readonly url: string; readonly query: string; readonly verb: 'read' | 'search'; readonly type: string },
): Step {
  return {
    call: { method: 'GET', url: query === '' ? url : `${url}?${query}` },
    review: async (reply) => {
      const bundle = requireBundle(reply, 'history')
      const open = exchange.review.hidesNothing(verb, type)
      const found = objectsOf(bundle['entry'])
      const visible = await exchange.review.visibleAmong(found.map(({ resource }) => ({ resource, verbs: [verb] })))
      const entries = found.flatMap((entry, index): readonly JsonObject[] => {
        if (entry['resource'] === undefined) return open ? [withRequest({}, entry)] : [] // whose a deleted resource was is unknown
        const resource = visible[index]
        if (resource === undefined || resource.resourceType !== type) return []
        const fullUrl = `${exchange.trust.fhirBase}/${type}/${stringOf(resource['id']) ?? ''}`
        return [withRequest({ fullUrl, resource }, entry)]
      })
      const total = bundle['total']
      return {
        status: 200,
        headers: {},
        resource: {
          resourceType: 'Bundle',
          type: 'history',
          ...(open && typeof total === 'number' ? { total } : {}),
          link: bundleLinks(exchange, asked, bundle),
          ...(entries.length > 0 ? { entry: entries } : {}),
        },
      }
    },
  }
}

function withRequest(shown: JsonObject, { request, response }: JsonObject): JsonObject {
  return { ...shown, ...(request === undefined ? {} : { request }), ...(response === undefined ? {} : { response }) }
}
