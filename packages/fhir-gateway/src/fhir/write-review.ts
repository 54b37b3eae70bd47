import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { versionConflict } from '#src/http/refusals.ts'
import { stringOf } from '#src/json.ts'
import { type AnswerHeaders, type FhirAnswer, headersOf } from './answer.ts'
import { requireSuccess } from './require-success.ts'
import type { Asked, Exchange } from './step.ts'
import type { FhirReply } from './upstream-fhir.ts'

export async function reviewCreate(
  exchange: Exchange,
  asked: Asked,
  type: string,
  reply: FhirReply,
): Promise<FhirAnswer> {
  requireSuccess(reply)
  const shown = await exchange.review.visible(reply.json, ['read'], { looking: true })
  // 200 is the match of a conditional create, found by the criteria; it must be the caller's to find.
  const found = reply.status === 201 ? shown : await exchange.review.visible(reply.json, ['read', 'search'])
  if (reply.status !== 201 && found === undefined) throw versionConflict()
  return written(exchange, asked, reply, {
    status: reply.status === 201 ? 201 : 200,
    shown,
    location: await locationOf(exchange, type, reply),
  })
}

export async function reviewUpdate(
  exchange: Exchange,
  asked: Asked,
  { type }: { readonly type: string },
  reply: FhirReply,
): Promise<FhirAnswer> {
  requireSuccess(reply)
  const shown = await exchange.review.visible(reply.json, ['read'], { looking: true })
  return written(exchange, asked, reply, { status: 200, shown, location: await locationOf(exchange, type, reply) })
}

export function reviewDelete(reply: FhirReply): Promise<FhirAnswer> {
  requireSuccess(reply)
  return Promise.resolve({ status: 204, headers: {}, resource: undefined })
}

type Written = { readonly status: number; readonly shown: Resource | undefined; readonly location: string | undefined }

/** Writing does not imply reading (SAL-131): the stored resource is returned only to those who may read it. */
function written(exchange: Exchange, asked: Asked, reply: FhirReply, { status, shown, location }: Written): FhirAnswer {
  const headers: AnswerHeaders = { ...headersOf(reply), ...(location === undefined ? {} : { location }) }
  if (asked.returns === 'OperationOutcome') return { status, headers, resource: DONE }
  const returned = asked.returns === 'minimal' ? undefined : shown
  const unchanged =
    returned !== undefined &&
    returned === reply.json &&
    reply.text !== undefined &&
    !exchange.trust.mayNameUpstream(reply.text)
  return { status, headers, resource: returned, text: unchanged ? reply.text : undefined }
}

const DONE: Resource = {
  resourceType: 'OperationOutcome',
  issue: [{ severity: 'information', code: 'informational', diagnostics: 'done' }],
}

const LOCATION =
  /(?:^|\/)(?<type>[A-Z][A-Za-z]*)\/(?<id>[A-Za-z0-9\-.]{1,64})(?:\/_history\/(?<version>[A-Za-z0-9\-.]{1,64}))?\/?$/

/** Where the resource now is, at our address. */
async function locationOf({ trust, review }: Exchange, type: string, reply: FhirReply): Promise<string | undefined> {
  const part = LOCATION.exec(reply.header('location') ?? '')?.groups
  const named = part?.['type'] === type ? part : undefined
  const returned = await review.visible(reply.json, ['create', 'update', 'read'], { looking: true })
  const id = named?.['id'] ?? (returned === undefined ? undefined : stringOf(returned['id']))
  if (id === undefined) return undefined
  const version = named?.['version']
  return `${trust.fhirBase}/${type}/${id}${version === undefined ? '' : `/_history/${version}`}`
}
