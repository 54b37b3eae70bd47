import { covers, parseScopeSet } from '@uthopp/smart-core/scope/scope-set'
import type { Client, ClientAuthentication } from '#src/clients/client.ts'
import type { World } from './address.ts'

/** What an app made more of than the trust has let in, or made other than the app it has let in. */
export type Widening = 'name' | 'scope' | 'addresses' | 'grants' | 'authentication'

const within = (after: readonly string[], before: readonly string[]): boolean =>
  after.every((one) => before.includes(one))

function sameAuthentication(one: ClientAuthentication, other: ClientAuthentication): boolean {
  if (one.method === 'private_key_jwt' && other.method === 'private_key_jwt')
    return one.keys.kind === 'inline'
      ? other.keys.kind === 'inline' && one.keys.digest === other.keys.digest
      : other.keys.kind === 'address' && one.keys.jwksUri === other.keys.jwksUri
  return one.method === other.method
}

/** Undefined as long as an app stays within what it was: its name, fewer scopes and addresses, the same way to prove itself. */
function wideningOf(before: Client, after: Client): Widening | undefined {
  const had = parseScopeSet(before.scope).scopes
  if (!parseScopeSet(after.scope).scopes.scopes.every((scope) => covers(had, scope))) return 'scope'
  if (!within(after.redirectUris, before.redirectUris) || !within(after.launchUris, before.launchUris))
    return 'addresses'
  if (!within(after.grantTypes, before.grantTypes)) return 'grants'
  if (!sameAuthentication(before.authentication, after.authentication)) return 'authentication'
  // People allow an app, and the trust approves one, by what it is called: under another name it is nobody they know.
  return after.name === before.name ? undefined : 'name'
}

/** What the demo world gives an app unasked it would give it anew for the asking. */
const isAutomatic = (world: World, { approval, backend }: Client): boolean =>
  world === 'demo' && approval !== 'trust' && backend !== 'trust'

/**
 * The app as it changed itself, with what the trust decided of it only while that decision still is about this app.
 *
 * INVARIANT: no approval, zone or power of the trust's covers a name, a scope, an address or a key that came after it. A
 * management token alone is worth no more than the app it was given for.
 */
export function afterChange(
  world: World,
  before: Client,
  after: Client,
): {
  readonly client: Client
  readonly widened: Widening | undefined
  /** True when the trust had decided something of the app that it now is without. */
  readonly isLost: boolean
} {
  const widened = wideningOf(before, after)
  if (widened === undefined) return { client: after, widened, isLost: false }
  const { backend, skipConsent: _skipConsent, mayWrite, ...plain } = after
  // What the trust took from the app stays taken.
  const left = mayWrite === false ? { ...plain, mayWrite } : plain
  const hadPowers = before.skipConsent === true || before.mayWrite === true
  if (isAutomatic(world, before))
    return { client: { ...left, ...(backend === undefined ? {} : { backend }) }, widened, isLost: hadPowers }
  const had = before.zone === 'internal' || before.approval !== 'none' || before.backend !== undefined
  return { client: { ...left, zone: 'external', approval: 'none' }, widened, isLost: had || hadPowers }
}
