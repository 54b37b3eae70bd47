import type { Trace } from '@uthopp/server-kit/trace'
import type { AuthorizedLaunch, GrantId, LaunchContext } from '@uthopp/smart-core/launch'
import { authorizeLaunch } from '@uthopp/smart-core/launch/stages'
import { type Negotiation, negotiate, type Withheld } from '@uthopp/smart-core/negotiate'
import { isProblem } from '@uthopp/smart-core/problem'
import { opensAnything } from '@uthopp/smart-core/scope/access-left'
import type { ScopeSet } from '@uthopp/smart-core/scope/scope-set'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import { type Client, originsOf } from '#src/clients/client.ts'
import { askerOfLaunch } from '#src/policy/asker.ts'
import type { Asking, IssuancePolicy } from '#src/policy/issuance.ts'
import type { LaunchEvents } from './events.ts'
import { purposeOf } from './purpose.ts'

type RefusalCode = 'invalid_scope' | 'access_denied' | 'temporarily_unavailable'

export type Authorization =
  | { readonly kind: 'authorized'; readonly authorized: AuthorizedLaunch }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly reason: string }
export type Refused = Extract<Authorization, { readonly kind: 'refused' }>

/** The OAuth library's grant, as far as deciding needs it. */
export type GrantHand = {
  readonly saveGrant: (granted: readonly string[]) => Promise<string>
  readonly dropGrant: () => Promise<void>
}

export const refusedLaunch = (code: RefusalCode, reason: string): Refused => ({ kind: 'refused', code, reason })

const NOTHING = 'none of the requested scopes can be granted to this app in this launch'
const UNDECIDED = 'access cannot be decided right now'

type AuthorizeGiven = {
  readonly context: LaunchContext
  /** The scopes asked for, as sent or as the person left them. */
  readonly asked: string
  /** What of its registration the app may use for this person. */
  readonly registered: ScopeSet
  readonly client: Client
  readonly policy: IssuancePolicy
  readonly trace: Trace
  readonly grant: GrantHand
  /** Ties the launch to its grant; false when it may not happen any more. */
  readonly keep: (authorized: AuthorizedLaunch) => Promise<boolean>
  readonly events: LaunchEvents
}

/** Decides what a complete context may do, and keeps it under a fresh grant of its own: never another launch's. */
export async function authorizeContext(given: AuthorizeGiven): Promise<Authorization> {
  const { client, grant, events } = given
  const context = inPurpose(given.context)
  const about = {
    clientId: client.clientId,
    correlationId: given.trace.traceId,
    ...(context.launchId === null ? {} : { launchId: context.launchId }),
  }
  const negotiation = negotiate({
    asked: given.asked,
    registered: given.registered,
    context: {
      patient: context.patient !== null,
      encounter: context.encounter !== null,
      fhirUser: context.fhirUser !== null,
      kind: context.kind,
    },
    mayRefresh: client.grantTypes.includes('refresh_token'),
    origins: originsOf(client),
  })
  for (const { code } of negotiation.withheld) events.tell('scope-withheld', { ...about, code })
  if (negotiation.granted.length === 0) return refusedLaunch('invalid_scope', NOTHING)
  const decided = await decideContext(given, context, negotiation)
  if ('kind' in decided) return decided
  const grantId = (await grant.saveGrant(decided.granted)) as GrantId // made a moment ago, for exactly this launch
  const authorized = authorizeLaunch(context, decided, grantId)
  if (isProblem(authorized)) {
    await grant.dropGrant()
    return refusedLaunch('invalid_scope', authorized.reason)
  }
  // INVARIANT: the grant is saved before the tie. Ending a launch deletes the grant it is tied to, so a tie that
  // succeeds always has something for the end to find, and a tie that fails leaves nothing behind.
  if (await given.keep(authorized)) {
    events.tell('launch-authorized', { ...about, count: decided.granted.length })
    return { kind: 'authorized', authorized }
  }
  await grant.dropGrant()
  return refusedLaunch('access_denied', 'this launch has ended')
}

const inPurpose = (context: LaunchContext): LaunchContext => ({ ...context, purpose: purposeOf(context.purpose) })

/** What policy leaves of the negotiation for this person and this patient, now. */
export async function decideContext(
  { asked, client, policy, trace }: Pick<AuthorizeGiven, 'asked' | 'client' | 'policy' | 'trace'>,
  given: LaunchContext,
  negotiation: Negotiation,
): Promise<Negotiation | Refused> {
  const context = inPurpose(given)
  const asking: Asking = {
    moment: 'authorize',
    asker: askerOfLaunch(context),
    client,
    trace,
    launchId: context.launchId,
    grantId: null,
    senderConstrained: false,
  }
  // A launch of the host was asked about when it was offered; nobody has asked about this one.
  if (context.kind === 'standalone') {
    const verdict = await policy.mayLaunch(asking)
    if (verdict.kind === 'unavailable') return refusedLaunch('temporarily_unavailable', UNDECIDED)
    if (verdict.kind === 'deny') return refusedLaunch('access_denied', sentenceOf(verdict.answer))
  }
  const verdict = await policy.decideScopes(asking, { ...negotiation, asked: scopesIn(asked) })
  if (verdict.kind === 'unavailable') return refusedLaunch('temporarily_unavailable', UNDECIDED)
  // CE-41: knowing who is there is no use to an app that came for data.
  if (opensAnything(negotiation.granted) && !opensAnything(verdict.granted))
    return refusedLaunch('access_denied', nothingLeft(verdict.withheld.slice(negotiation.withheld.length)))
  return verdict.granted.length === 0
    ? refusedLaunch('access_denied', nothingLeft(verdict.withheld))
    : { granted: verdict.granted, withheld: verdict.withheld }
}

const sentenceOf = ({
  reasonCode,
  reasonText,
}: {
  readonly reasonCode: string
  readonly reasonText: { readonly en: string }
}) => `${reasonText.en} (${reasonCode})`

/** The first rule that took something; the rest is in the explanation. */
function nothingLeft([first]: readonly Withheld[]): string {
  return first === undefined ? NOTHING : `${first.reason} (${first.code})`
}
