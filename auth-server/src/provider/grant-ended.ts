import { Provider } from 'oidc-provider'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { Inside } from '#src/storage/clients.ts'
import { correlationOf } from './front.ts'
import { memoOf } from './memo.ts'

/** Says why a grant ends, in the transaction that ends it. Whoever asked for the end has been told of already. */
export const tellGrantEnded =
  (events: LaunchEvents, grantId: string, code: 'nothing-left' | 'person-gone' | 'replayed'): Inside =>
  async (inside) => {
    const ctx = Provider.ctx
    // QUIRK(oidc-provider): it ends a grant once for each of its models, and the first time was the end.
    if (ctx !== undefined && memoOf(ctx).endTold) return
    if (ctx !== undefined) memoOf(ctx).endTold = true
    const launchId = ctx && memoOf(ctx).authorized?.context.launchId
    const clientId = ctx?.oidc.client?.clientId
    await events.tellInside(inside, 'launch-ended', {
      grantId,
      code,
      ...(launchId === undefined || launchId === null ? {} : { launchId }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(ctx === undefined ? {} : { correlationId: correlationOf(ctx.req) }),
    })
  }
