import { Refusal } from '@uthopp/server-kit/refusal'
import { forbidden, notFound, notReady, upstreamFailed } from '#src/http/refusals.ts'
import { OutcomeRefusal } from '#src/http/operation-outcome.ts'
import type { FhirReply } from './upstream-fhir.ts'

/** What a client may hear about a request the server behind us would not carry out. */
const TOLD: ReadonlyMap<number, string> = new Map([
  [400, 'the request was not understood'],
  [409, 'the change collides with another'],
  [412, 'a condition of the request does not hold'],
  [422, 'the resource breaks a rule'],
])

/**
 * Turns every failing answer of the server behind us into a refusal of ours.
 *
 * Gone is told as never there: whose a deleted resource was can no longer be decided. A refusal of our own service token is
 * our fault, not the caller's, so 401 and 403 never pass through.
 */
export function requireSuccess(reply: FhirReply): void {
  const { status } = reply
  if (status >= 200 && status < 300) return
  if (status === 404 || status === 410) throw notFound()
  const told = TOLD.get(status)
  if (told !== undefined) throw new OutcomeRefusal(status, told, reply.json)
  if (status === 405 || status === 501) throw forbidden('the server behind this gateway does not offer this')
  if (status === 429) throw notReady('the server behind this gateway is busy')
  throw upstreamFailed(new Refusal(502, 'exception', `the answer was ${status}`))
}
