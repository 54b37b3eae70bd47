import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { Inside } from '#src/storage/clients.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { correlationOf } from './front.ts'
import { memoOf } from './memo.ts'

type EndDeps = {
  readonly rows: Pick<OidcRows, 'destroyByGrant'>
  readonly events: LaunchEvents
  readonly now: () => Date
}
type Why = 'nothing-left' | 'person-gone' | 'replayed'

/** Ends a grant and says why, in the transaction that ends it. */
export function endGrant(deps: EndDeps, grantId: string, code: Why): Promise<void> {
  const ctx = Provider.ctx
  if (ctx === undefined) return end(deps, grantId, code, undefined)
  // QUIRK(oidc-provider): it ends a grant once for each of its models, all at a time. Where the one end fails, all of them do.
  const ends = (memoOf(ctx).ends ??= new Map<string, Promise<void>>())
  const begun = ends.get(grantId) ?? end(deps, grantId, code, ctx)
  ends.set(grantId, begun)
  return begun
}

async function end(
  { rows, events, now }: EndDeps,
  grantId: string,
  code: Why,
  ctx: KoaContextWithOIDC | undefined,
): Promise<void> {
  const memo = ctx && memoOf(ctx)
  // Whoever asked for the end has been told of already.
  if (memo?.endTold) return rows.destroyByGrant(grantId, now())
  if (memo !== undefined) memo.endTold = true
  const launchId = memo?.authorized?.context.launchId
  const clientId = ctx?.oidc.client?.clientId
  const fields = {
    grantId,
    code,
    ...(launchId === undefined || launchId === null ? {} : { launchId }),
    ...(clientId === undefined ? {} : { clientId }),
    ...(ctx === undefined ? {} : { correlationId: correlationOf(ctx.req) }),
  }
  await events.deed((tell) => {
    const telling: Inside = (inside) => tell(inside, 'launch-ended', fields)
    return rows.destroyByGrant(grantId, now(), telling)
  })
}
