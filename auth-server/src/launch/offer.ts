import type { LaunchId, LaunchTicket } from '@uthopp/smart-core/launch'
import { parseLaunchIntent } from '@uthopp/smart-core/launch/intent'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { Directory } from '#src/directory/directory.ts'
import { askerOfOffer } from '#src/policy/asker.ts'
import type { IssuancePolicy } from '#src/policy/issuance.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { LaunchStore } from '#src/storage/launches.ts'
import { chooseLaunchUri, confirmIntent, questionAbout } from './check-intent.ts'
import type { Place } from './desk.ts'
import { tellEnded } from './end.ts'
import type { LaunchEvents } from './events.ts'
import type { Host, RequireHost } from './host-auth.ts'
import { launchAddress } from './launch-address.ts'
import { answerDenied, refusalOfPolicy } from './may-offer.ts'
import { purposeOf } from './purpose.ts'
import { handleFor, newLaunchId, newSecret, secretHash } from './secrets.ts'

const START_MS = 60_000
const HANDLE_MS = 5 * 60_000
/** Nothing but possession guards an unbound handle, so it lives no longer than a start address. */
const UNBOUND_HANDLE_MS = 60_000

type OfferDeps = {
  readonly issuer: string
  readonly place: Place
  readonly requireHost: RequireHost
  readonly directory: Directory
  readonly clients: ClientStore
  readonly launches: LaunchStore
  readonly policy: IssuancePolicy
  readonly events: LaunchEvents
  readonly now: () => Date
}

/** Reads and checks an offer whole; nothing is kept of one that is refused. */
async function acceptOffer(deps: OfferDeps, ctx: AppContext, host: Host) {
  const asked = accept(parseLaunchIntent(await readJson(ctx)))
  const client = await deps.clients.find(asked.clientId)
  if (client === undefined) return refuse(400, 'invalid_request', '`client_id` is not an app of this trust')
  // Approval stands for the consent that an EHR launch never asks (contracts §3).
  if (client.approval === 'none') return refuse(403, 'unauthorized_client', 'this trust has not approved the app')
  if (!asked.bound && !host.host.unboundLaunches)
    return refuse(403, 'unauthorized_client', 'this host is not registered for unbound launches')
  const launchUri = accept(chooseLaunchUri(asked, client))
  const answer = await deps.directory.checkContext(questionAbout(asked), ctx.state.trace)
  const confirmed = accept(confirmIntent(asked, answer))
  return { intent: { ...confirmed, purpose: purposeOf(confirmed.purpose) }, launchUri, client }
}

/** `POST <issuer>/launches`: the host's word about who opens what for whom becomes a launch that can happen once (contracts §3). */
export const offerLaunch =
  (deps: OfferDeps) =>
  async (ctx: AppContext): Promise<void> => {
    const host = await deps.requireHost(ctx)
    const { intent, launchUri, client } = await acceptOffer(deps, ctx, host)
    const launchId = newLaunchId() as LaunchId // made for this launch on this line
    const refusal = await refusalOfPolicy(deps, ctx, client, intent, launchId)
    if (refusal !== undefined) return answerDenied(deps, ctx, { client, intent }, refusal)
    const offeredAt = deps.now()
    const after = (milliseconds: number) => new Date(offeredAt.getTime() + milliseconds)
    const startSecret = newSecret()
    const handle = handleFor(startSecret)
    const ticket: LaunchTicket = {
      stage: 'ticket',
      launchId,
      tenant: deps.place.tenant,
      host: host.clientId,
      intent,
      offeredAt,
      expiresAt: after(intent.bound ? HANDLE_MS : UNBOUND_HANDLE_MS),
    }
    const binding = intent.bound
      ? ({ kind: 'bound', startHash: secretHash(startSecret), startExpiresAt: after(START_MS) } as const)
      : ({ kind: 'unbound' } as const)
    const offered = { ticket, launchUri, handleHash: secretHash(handle), binding }
    await deps.events.deed((tell) =>
      deps.launches.offer(offered, tellEnded(tell, host.clientId, 'patient-switch', ctx.state.trace.traceId)),
    )
    const about = {
      clientId: intent.clientId,
      launchId: ticket.launchId,
      bound: intent.bound,
      correlationId: ctx.state.trace.traceId,
    }
    const asker = askerOfOffer(deps.place.tenant, intent)
    deps.events.tell(intent.bound ? 'launch-offered' : 'launch-offered-unbound', about, { asker })
    ctx.status = 201
    ctx.body = {
      launch: handle,
      ...(intent.bound
        ? { start_url: `${deps.issuer}/start/${startSecret}` }
        : { launch_url: launchAddress(launchUri, deps.place.fhirBase, handle) }),
      expires_at: after(intent.bound ? START_MS : UNBOUND_HANDLE_MS).toISOString(),
    }
  }
