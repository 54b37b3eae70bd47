import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { notFound, upstreamFailed } from '#src/http/refusals.ts'
import { type FhirAnswer, headersOf } from './answer.ts'
import { parseProjection, project } from './projection.ts'
import { requireSuccess } from './require-success.ts'
import { requireScope } from './require-scope.ts'
import type { Exchange, Step } from './step.ts'
import type { FhirReply } from './upstream-fhir.ts'

type Read = Extract<FhirInteraction, { readonly kind: 'read' }>
type VersionRead = Extract<FhirInteraction, { readonly kind: 'vread' }>

export function readStep(exchange: Exchange, { type, id, params }: Read): Step {
  requireScope(exchange, { verb: 'read', type, id })
  const projection = parseProjection(params)
  return {
    call: { method: 'GET', url: `${type}/${id}` },
    review: (reply) => {
      const resource = requireVisible(exchange, reply, { type, id })
      const shown = project(resource, projection)
      return answerRead(reply, shown, shown === reply.json)
    },
  }
}

/** A version is shown only while the resource as it stands now is visible too: what was moved out of a chart has left it. */
export async function versionReadStep(exchange: Exchange, { type, id, version, params }: VersionRead): Promise<Step> {
  requireScope(exchange, { verb: 'read', type, id })
  await requireCurrent(exchange, { type, id })
  const projection = parseProjection(params)
  return {
    call: { method: 'GET', url: `${type}/${id}/_history/${version}` },
    review: (reply) => {
      const resource = requireVisible(exchange, reply, { type, id })
      const shown = project(resource, projection)
      return answerRead(reply, shown, shown === reply.json)
    },
  }
}

/** Refuses with "no such resource" unless the caller may read the resource as it stands now. */
export async function requireCurrent(
  exchange: Exchange,
  target: { readonly type: string; readonly id: string },
): Promise<void> {
  requireVisible(exchange, await exchange.upstream({ method: 'GET', url: `${target.type}/${target.id}` }), target)
}

function requireVisible(
  exchange: Exchange,
  reply: FhirReply,
  target: { readonly type: string; readonly id: string },
): Resource {
  requireSuccess(reply)
  const resource = exchange.review.visible(reply.json, ['read'])
  if (resource === undefined) throw notFound()
  if (resource.resourceType !== target.type || resource['id'] !== target.id) throw upstreamFailed()
  return resource
}

const answerRead = (reply: FhirReply, resource: Resource, unchanged: boolean): FhirAnswer => ({
  status: 200,
  headers: headersOf(reply),
  resource,
  text: unchanged ? reply.text : undefined,
})
