import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import type { Answer } from '@uthopp/policy/answer'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { upstreamFailed } from '#src/http/refusals.ts'
import { type FhirAnswer, headersOf } from './answer.ts'
import { parseProjection, project } from './projection.ts'
import { meanwhile, requireFound, standingOf } from './standing.ts'
import { requireSuccess } from './require-success.ts'
import { requireScope } from './require-scope.ts'
import type { Asked, Exchange, Step } from './step.ts'
import type { FhirCall, FhirReply } from './upstream-fhir.ts'

type Read = Extract<FhirInteraction, { readonly kind: 'read' }>
type VersionRead = Extract<FhirInteraction, { readonly kind: 'vread' }>

export async function readStep(exchange: Exchange, asked: Asked, { type, id, params }: Read): Promise<Step> {
  requireScope(exchange, { verb: 'read', type, id })
  const call: FhirCall = { method: 'GET', url: `${type}/${id}` }
  const { patient } = exchange.review.access
  const about = { type, patients: patient === undefined ? [] : [patient] }
  const { standing, reply: early } = await meanwhile(exchange, asked, about, call, () =>
    standingOf(exchange, { action: 'read', type, id }),
  )
  const projection = parseProjection(params)
  return {
    call,
    reply: early,
    review: async (reply) => {
      const resource = await requireVisible(exchange, reply, { type, id, standing })
      const shown = project(resource, projection)
      return answerRead(reply, shown, shown === reply.json)
    },
  }
}

/** A version is shown only while the resource as it stands now is visible too: what was moved out of a chart has left it. */
export async function versionReadStep(exchange: Exchange, { type, id, version, params }: VersionRead): Promise<Step> {
  requireScope(exchange, { verb: 'read', type, id })
  const standing = await requireCurrent(exchange, { type, id })
  const projection = parseProjection(params)
  return {
    call: { method: 'GET', url: `${type}/${id}/_history/${version}` },
    review: async (reply) => {
      const resource = await requireVisible(exchange, reply, { type, id, standing })
      const shown = project(resource, projection)
      return answerRead(reply, shown, shown === reply.json)
    },
  }
}

/** Refuses with "no such resource" unless the caller may read the resource as it stands now. */
export async function requireCurrent(
  exchange: Exchange,
  target: { readonly type: string; readonly id: string },
): Promise<Answer | undefined> {
  const standing = await standingOf(exchange, { action: 'read', ...target })
  const reply = await exchange.upstream({ method: 'GET', url: `${target.type}/${target.id}` })
  await requireVisible(exchange, reply, { ...target, standing }, { looking: true })
  return standing
}

async function requireVisible(
  exchange: Exchange,
  reply: FhirReply,
  target: { readonly type: string; readonly id: string; readonly standing: Answer | undefined },
  how: { readonly looking?: boolean } = {},
): Promise<Resource> {
  const resource = await requireFound(exchange, target.standing, async () => {
    requireSuccess(reply)
    return exchange.review.require(reply.json, ['read'], how)
  })
  if (resource.resourceType !== target.type || resource['id'] !== target.id) throw upstreamFailed()
  return resource
}

const answerRead = (reply: FhirReply, resource: Resource, unchanged: boolean): FhirAnswer => ({
  status: 200,
  headers: headersOf(reply),
  resource,
  text: unchanged ? reply.text : undefined,
})
