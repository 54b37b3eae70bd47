import { errors, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { AuthorizedLaunch } from '@uthopp/smart-core/launch'
import { opensAnything } from '@uthopp/smart-core/scope/access-left'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import type { LaunchDesk } from '#src/launch/desk.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { askerOfLaunch } from '#src/policy/asker.ts'
import type { IssuancePolicy } from '#src/policy/issuance.ts'
import { opensPatient } from '#src/policy/patient-left.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { traceOf } from './front.ts'
import { endGrant } from './grant-ended.ts'
import { memoOf } from './memo.ts'
import { undecided } from './undecided.ts'

type BeforeSpentDeps = {
  readonly policy: IssuancePolicy
  readonly desk: LaunchDesk
  readonly clients: ClientStore
  readonly rows: OidcRows
  readonly events: LaunchEvents
  readonly now: () => Date
}

/** A code or a refresh token, as far as spending it goes. */
type Source = { readonly grantId?: string | undefined; scope?: string | undefined }
type Moment = 'token' | 'refresh'

/**
 * Asks policy again whenever a code or refresh token is about to be spent (CE-39, P3).
 *
 * QUIRK(oidc-provider): everything about the request has been checked when the library spends a source, and it has written
 * nothing. So what cannot be decided costs the app nothing, and whoever could not have spent it learns nothing.
 */
export function askBeforeSpending(provider: Provider, deps: BeforeSpentDeps): void {
  const models: readonly [{ readonly prototype: Source & { consume(): Promise<void> } }, Moment][] = [
    [provider.AuthorizationCode, 'token'],
    [provider.RefreshToken, 'refresh'],
  ]
  for (const [{ prototype }, moment] of models) {
    // oxlint-disable-next-line typescript/unbound-method -- called below on the source it is taken from
    const { consume } = prototype
    prototype.consume = async function consumeIfPermitted(): Promise<void> {
      const ctx = Provider.ctx
      if (ctx !== undefined) await narrowSource(deps, ctx, this, moment)
      await consume.call(this)
    }
  }
}

async function narrowSource(
  deps: BeforeSpentDeps,
  ctx: KoaContextWithOIDC,
  source: Source,
  moment: Moment,
): Promise<void> {
  const memo = memoOf(ctx)
  const { grantId } = source
  if (grantId === undefined) return
  const launch = memo.authorized?.grantId === grantId ? memo.authorized : await deps.desk.findByGrant(grantId)
  const client = launch && (await deps.clients.find(launch.context.clientId))
  // The library refuses what has no launch or client any more.
  if (launch === undefined || client === undefined) return
  const before = scopesIn(source.scope)
  const verdict = await deps.policy.decideScopes(
    {
      moment,
      asker: askerOfLaunch(launch.context),
      client,
      trace: traceOf(ctx.req),
      launchId: launch.context.launchId,
      grantId: launch.grantId,
      senderConstrained: false,
    },
    { asked: before, granted: before, withheld: [] },
  )
  if (verdict.kind === 'unavailable') return undecided()
  const [first, ...rest] = verdict.granted
  const { granted } = verdict
  // A launch for a patient that opens nothing about them is over, however many directories it could still read.
  const patientGone = launch.context.patient !== null && opensPatient(before) && !opensPatient(granted)
  if (first === undefined || (opensAnything(before) && !opensAnything(granted)) || patientGone)
    return nothingLeft(deps, launch, moment)
  narrowRequest(ctx, verdict.narrow)
  source.scope = verdict.granted.join(' ')
  memo.narrowed = { ...launch, granted: [first, ...rest], withheld: [...launch.withheld, ...verdict.withheld] }
  memo.authorized = memo.narrowed
  if (verdict.validUntil !== null)
    memo.accessSeconds = Math.floor((verdict.validUntil.getTime() - deps.now().getTime()) / 1000)
}

/** Access that ended does not come back to this launch: a new one is a click away, and asks anew (RA-14). */
async function nothingLeft(deps: BeforeSpentDeps, { grantId }: AuthorizedLaunch, moment: Moment): Promise<never> {
  await endGrant(deps, grantId, 'nothing-left')
  const reason = 'nothing that this launch was granted is permitted any more'
  if (moment === 'token') throw new errors.CustomOIDCProviderError('invalid_scope', reason) // CE-41
  throw Object.assign(new errors.InvalidGrant(reason), { error_description: reason })
}

/** A refresh may ask for less (RFC 6749 §6); the library compared that with what was granted before. */
function narrowRequest(ctx: KoaContextWithOIDC, narrow: (part: readonly string[]) => readonly string[]): void {
  const { params } = ctx.oidc
  const asked = scopesIn(params?.['scope'])
  if (params === undefined || asked.length === 0) return
  const left = narrow(asked)
  if (left.length === 0 || (opensAnything(asked) && !opensAnything(left)))
    throw new errors.CustomOIDCProviderError('invalid_scope', 'none of the requested scopes is permitted any more')
  params['scope'] = left.join(' ')
}

/** Lets the library find the narrowed scopes in its grant, which knows the wider ones by their own spelling. */
export function addNarrowed(ctx: KoaContextWithOIDC, resource: string): void {
  const { narrowed } = memoOf(ctx)
  if (narrowed !== undefined) ctx.oidc.entities.Grant?.addResourceScope(resource, narrowed.granted.join(' '))
}
