import type { AuthorizedLaunch, GrantId, LaunchContext } from '@uthopp/smart-core/launch'
import { authorizeLaunch } from '@uthopp/smart-core/launch/stages'
import { negotiate } from '@uthopp/smart-core/negotiate'
import { isProblem } from '@uthopp/smart-core/problem'
import type { ScopeSet } from '@uthopp/smart-core/scope/scope-set'
import type { LaunchEvents } from './events.ts'

export type Authorization =
  | { readonly kind: 'authorized'; readonly authorized: AuthorizedLaunch }
  | { readonly kind: 'refused'; readonly code: 'invalid_scope' | 'access_denied'; readonly reason: string }

/** The OAuth library's grant, as far as deciding needs it. */
export type GrantHand = {
  readonly saveGrant: (granted: readonly string[]) => Promise<string>
  readonly dropGrant: () => Promise<void>
}

export const refusedLaunch = (code: 'invalid_scope' | 'access_denied', reason: string): Authorization => ({
  kind: 'refused',
  code,
  reason,
})

/** v3 PurposeOfUse of whoever said nothing: ordinary care, which opens the least (contracts §3: `purpose` is optional). */
const ORDINARY_CARE = 'TREAT'

const NOTHING = 'none of the requested scopes can be granted to this app in this launch'

/** Decides what a complete context may do, and keeps it under a fresh grant of its own: never another launch's. */
export async function authorizeContext(given: {
  readonly context: LaunchContext
  /** The scopes asked for, as sent or as the person left them. */
  readonly asked: string
  readonly registered: ScopeSet
  readonly mayRefresh: boolean
  /** Where the app is registered to live. */
  readonly origins: readonly string[]
  readonly grant: GrantHand
  /** Ties the launch to its grant; false when it may not happen any more. */
  readonly keep: (authorized: AuthorizedLaunch) => Promise<boolean>
  readonly events: LaunchEvents
  readonly about: { readonly clientId: string; readonly launchId?: string; readonly correlationId: string }
}): Promise<Authorization> {
  const { grant, events, about } = given
  const context = { ...given.context, purpose: given.context.purpose ?? ORDINARY_CARE }
  const negotiation = negotiate({
    asked: given.asked,
    registered: given.registered,
    context: { patient: context.patient !== null, encounter: context.encounter !== null, kind: context.kind },
    mayRefresh: given.mayRefresh,
    origins: given.origins,
  })
  for (const { code } of negotiation.withheld) events.tell('scope-withheld', { ...about, code })
  if (negotiation.granted.length === 0) return refusedLaunch('invalid_scope', NOTHING)
  const grantId = (await grant.saveGrant(negotiation.granted)) as GrantId // made a moment ago, for exactly this launch
  const authorized = authorizeLaunch(context, negotiation, grantId)
  if (isProblem(authorized)) {
    await grant.dropGrant()
    return refusedLaunch('invalid_scope', authorized.reason)
  }
  // INVARIANT: the grant is saved before the tie. Ending a launch deletes the grant it is tied to, so a tie that
  // succeeds always has something for the end to find, and a tie that fails leaves nothing behind.
  if (await given.keep(authorized)) {
    events.tell('launch-authorized', { ...about, count: negotiation.granted.length })
    return { kind: 'authorized', authorized }
  }
  await grant.dropGrant()
  return refusedLaunch('access_denied', 'this launch has ended')
}
