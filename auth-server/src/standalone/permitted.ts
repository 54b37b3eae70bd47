import type { Trace } from '@uthopp/server-kit/trace'
import { decideContext, refusedLaunch, type Refused } from '#src/launch/authorize-context.ts'
import type { Place } from '#src/launch/desk.ts'
import type { IssuancePolicy } from '#src/policy/issuance.ts'
import { contextOf } from './context.ts'
import type { Settled } from './progress.ts'
import type { StandaloneRequest } from './request.ts'

export type PermittedDeps = {
  readonly place: Place
  readonly policy: IssuancePolicy
  /** The same answers, kept and told by nobody: for what is only looked at before a page is shown. */
  readonly preview: IssuancePolicy
}

type Permitted = { readonly kind: 'permitted'; readonly scopes: readonly string[] }

/**
 * What policy would leave now of the scopes that could be granted, so that what a person ticks is what is granted.
 *
 * It issues nothing: the launch is decided about again once the person has answered. Nothing comes of a page but the page, so
 * only a refusal is put down, by asking for it in earnest.
 */
export async function permittedNow(
  deps: PermittedDeps,
  request: StandaloneRequest,
  settled: Settled,
  trace: Trace,
): Promise<Permitted | Refused> {
  const context = contextOf(deps.place, request, settled)
  if (context === undefined) return refusedLaunch('access_denied', 'the answers do not make a launch')
  const granted = settled.scope.split(' ')
  const ask = async (policy: IssuancePolicy): Promise<Permitted | Refused> => {
    const given = { asked: settled.scope, client: request.client, policy, trace }
    const left = await decideContext(given, context, { granted, withheld: [] })
    return 'kind' in left ? left : { kind: 'permitted', scopes: left.granted }
  }
  const seen = await ask(deps.preview)
  return seen.kind === 'refused' ? await ask(deps.policy) : seen
}
