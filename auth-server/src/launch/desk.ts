import type { Trace } from '@uthopp/server-kit/trace'
import type { AuthorizedLaunch, LaunchHandle, LaunchRequest, LaunchTicket } from '@uthopp/smart-core/launch'
import { completeEhrContext } from '@uthopp/smart-core/launch/stages'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseScopeSet } from '@uthopp/smart-core/scope/scope-set'
import type { Client } from '#src/clients/client.ts'
import { askerOfOffer } from '#src/policy/asker.ts'
import type { IssuancePolicy } from '#src/policy/issuance.ts'
import type { LaunchStore } from '#src/storage/launches.ts'
import type { StandaloneLaunchStore } from '#src/storage/standalone-launches.ts'
import { type Authorization, authorizeContext, type GrantHand, refusedLaunch } from './authorize-context.ts'
import type { LaunchEvents } from './events.ts'
import { keepUntil } from './lifetime.ts'
import { readProof } from './proof-cookie.ts'
import { secretHash } from './secrets.ts'

/** What the browser brought to the authorization endpoint. */
type RedeemAttempt = {
  readonly request: LaunchRequest & { readonly handle: LaunchHandle }
  readonly cookieHeader: string | undefined
  readonly secFetchMode: string | undefined
  readonly correlationId: string
}

type Redemption =
  | { readonly kind: 'redeemed'; readonly ticket: LaunchTicket }
  | { readonly kind: 'refused'; readonly reason: string }

type AuthorizeRequest = {
  readonly ticket: LaunchTicket
  readonly request: LaunchRequest
  readonly client: Client
  readonly grant: GrantHand
  readonly trace: Trace
}

/** Which trust this desk serves. */
export type Place = { readonly tenant: string; readonly fhirBase: string }

/** One sentence for every dead handle, so that none can be told from another (SAL-41). */
const DEAD = '`launch` is unknown, expired or was used before'

/**
 * Takes a launch from handle to decided access: redemption, negotiation, and the tie to its grant.
 * Knows nothing of the OAuth library, so that the library's hooks stay one line each.
 */
export function createLaunchDesk(deps: {
  readonly place: Place
  readonly launches: LaunchStore
  readonly standaloneLaunches: Pick<StandaloneLaunchStore, 'findByGrant'>
  readonly policy: IssuancePolicy
  readonly events: LaunchEvents
  readonly now: () => Date
}) {
  const { place, launches, events, now } = deps
  return {
    /** Spends the handle in the browser that started the launch, or refuses and leaves it for the rightful one. */
    async redeem(attempt: RedeemAttempt): Promise<Redemption> {
      const { correlationId, request } = attempt
      const { clientId } = request
      const handleHash = secretHash(request.handle)
      const known = await launches.findByHandle(handleHash, now())
      const refused = (reason: string, rule: string): Redemption => {
        events.tell('launch-redeem-refused', {
          clientId,
          correlationId,
          rule,
          ...(known ? { launchId: known.launchId } : {}),
        })
        return { kind: 'refused', reason }
      }
      if (known === undefined) return refused(DEAD, 'unknown-handle')
      // A page that holds the handle can fetch with the browser's cookies; only a navigation is a person opening the app
      // (`launch-binding.md` §5). Unbound launches come from HTTP clients, which send `cors`.
      if (known.bound && attempt.secFetchMode !== undefined && attempt.secFetchMode !== 'navigate')
        return refused('the authorization request of this launch must be a navigation', 'not-a-navigation')
      const proof = readProof(attempt.cookieHeader, known.launchId)
      const ticket = await launches.redeem({
        handleHash,
        proofHash: proof === undefined ? undefined : secretHash(proof),
        clientId,
        now: now(),
      })
      if (ticket !== undefined) {
        const about = { clientId, correlationId, launchId: ticket.launchId, bound: known.bound }
        events.tell('launch-redeemed', about, { asker: askerOfOffer(place.tenant, ticket.intent) })
        return { kind: 'redeemed', ticket }
      }
      // The check hop saw this browser's cookie a moment ago: blocked cookies cannot explain its absence, a stolen handle can.
      if (known.bound && known.awaited && proof === undefined)
        events.alarm('launch-proof-missing-after-check', { clientId, correlationId, launchId: known.launchId })
      return refused(DEAD, 'not-redeemable')
    },

    /** Decides what this launch may do, and keeps it under its own fresh grant: never another launch's. */
    async authorize(decide: AuthorizeRequest): Promise<Authorization> {
      const { ticket, request, client, trace } = decide
      const { launchId } = ticket
      // It was there when the launch was offered, and stands for the consent that nobody asks now (contracts §3).
      if (client.approval === 'none') return refusedLaunch('access_denied', 'this trust has not approved the app')
      const context = completeEhrContext(ticket, request, `${place.fhirBase}/Practitioner/${ticket.intent.user}`)
      if (isProblem(context)) return refusedLaunch('access_denied', context.reason)
      const at = now()
      return authorizeContext({
        context,
        asked: request.scope,
        registered: parseScopeSet(client.scope).scopes,
        client,
        policy: deps.policy,
        trace,
        grant: decide.grant,
        keep: (authorized) =>
          launches.authorize({ launchId, authorized, keepUntil: keepUntil(authorized, at), now: at }),
        events,
      })
    },

    /** Makes a handle good again whose launch could not be decided about: that is our trouble, and worth another try. */
    async giveBack({ launchId, intent }: LaunchTicket, correlationId: string): Promise<boolean> {
      if (!(await launches.giveBack(launchId, now()))) return false
      const about = { clientId: intent.clientId, correlationId, launchId }
      events.tell('launch-given-back', about, { asker: askerOfOffer(place.tenant, intent) })
      return true
    },

    findByGrant: async (grantId: string): Promise<AuthorizedLaunch | undefined> =>
      (await launches.findByGrant(grantId)) ?? (await deps.standaloneLaunches.findByGrant(grantId)),
  }
}

export type LaunchDesk = ReturnType<typeof createLaunchDesk>
