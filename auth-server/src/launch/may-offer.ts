import type { Answer } from '@uthopp/policy/answer'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { LaunchIntent } from '@uthopp/smart-core/launch'
import type { Client } from '#src/clients/client.ts'
import { askerOfOffer } from '#src/policy/asker.ts'
import type { IssuancePolicy } from '#src/policy/issuance.ts'
import type { Place } from './desk.ts'
import type { LaunchEvents } from './events.ts'

type Deps = { readonly place: Place; readonly policy: IssuancePolicy; readonly events: LaunchEvents }

/** May this person open this app for this patient (CE-39, P1)? Answers the denial; throws when nobody can say. */
export async function refusalOfPolicy(
  { place, policy }: Deps,
  ctx: AppContext,
  client: Client,
  intent: LaunchIntent,
  launchId: string,
): Promise<Answer | undefined> {
  const verdict = await policy.mayLaunch({
    moment: 'launch',
    asker: askerOfOffer(place.tenant, intent),
    client,
    trace: ctx.state.trace,
    launchId,
    grantId: null,
    senderConstrained: false,
  })
  if (verdict.kind === 'unavailable')
    return refuse(503, 'temporarily_unavailable', `access cannot be decided right now (${verdict.code})`, {
      headers: { 'retry-after': '2' },
    })
  return verdict.kind === 'deny' ? verdict.answer : undefined
}

/** Tells the host why, in the words it shows the person, and which decisions would open the way. */
export function answerDenied(
  deps: Deps,
  ctx: AppContext,
  { client, intent }: { readonly client: Client; readonly intent: LaunchIntent },
  answer: Answer,
): void {
  const correlationId = ctx.state.trace.traceId
  const about = { clientId: client.clientId, correlationId, code: answer.reasonCode }
  deps.events.tell('launch-offer-refused', about, { asker: askerOfOffer(deps.place.tenant, intent) })
  ctx.state.refusal = 'access_denied'
  ctx.status = 403
  ctx.body = {
    error: 'access_denied',
    error_description: answer.reasonText.en,
    correlation_id: correlationId,
    reason_code: answer.reasonCode,
    reason_text: answer.reasonText,
    ...(answer.requestable === null ? {} : { requestable: answer.requestable }),
  }
}
