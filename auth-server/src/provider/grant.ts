import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { LaunchTicket } from '@uthopp/smart-core/launch'
import type { GrantHand } from '#src/launch/authorize-context.ts'
import type { LaunchDesk } from '#src/launch/desk.ts'
import { clearProof } from '#src/launch/proof-cookie.ts'
import { newGrantId } from '#src/launch/secrets.ts'
import { SMART_SCOPE } from './client-metadata.ts'
import { correlationOf, traceOf } from './front.ts'
import { memoOf } from './memo.ts'
import { authorizeStandalone, type StandaloneDeps } from './standalone.ts'

/** Scopes the library itself acts on; the others live in the resource server's part of the grant. */
const OIDC_SCOPES = new Set(['openid', 'fhirUser', 'profile', 'offline_access', 'online_access'])

export const registeredScope = (ctx: KoaContextWithOIDC): string => {
  const registered = ctx.oidc.client?.[SMART_SCOPE]
  return typeof registered === 'string' ? registered : ''
}

type Grant = NonNullable<KoaContextWithOIDC['oidc']['grant']>

/** Nothing was decided, so nothing is spent: neither the handle nor the browser's proof of it. */
async function giveBack(desk: LaunchDesk, ctx: KoaContextWithOIDC, ticket: LaunchTicket): Promise<void> {
  if (!(await desk.giveBack(ticket, correlationOf(ctx.req)))) return
  const cleared = clearProof(ticket.launchId)
  const cookies = [ctx.response.headers['set-cookie'] ?? []].flat().filter((cookie) => cookie !== cleared)
  ctx.remove('set-cookie')
  if (cookies.length > 0) ctx.set('set-cookie', cookies)
}

/** One launch, one grant: made here for the launch of this request, and never looked up in a session. */
export const grantOfLaunch =
  (desk: LaunchDesk, standalone: StandaloneDeps) =>
  async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, params, resourceServers } = ctx.oidc
    if (client === undefined || params === undefined) return undefined
    let grant: Grant | undefined
    const handOf = (user: string): GrantHand => {
      const fresh = new ctx.oidc.provider.Grant({ accountId: user, clientId: client.clientId })
      fresh.jti = newGrantId(standalone.now())
      grant = fresh
      return {
        async saveGrant(granted) {
          fresh.addOIDCScope(granted.filter((scope) => OIDC_SCOPES.has(scope)).join(' '))
          // All of them: a scope missing from the resource's part is missing from the token response too.
          for (const resource of Object.keys(resourceServers ?? {})) fresh.addResourceScope(resource, granted.join(' '))
          await fresh.save()
          return fresh.jti
        },
        dropGrant: () => fresh.destroy(),
      }
    }
    const { redeemed } = memoOf(ctx)
    const registered = await standalone.clients.find(client.clientId)
    if (registered === undefined) return undefined
    const decision =
      redeemed === undefined
        ? await authorizeStandalone(standalone, ctx, handOf)
        : await desk.authorize({
            ...redeemed,
            client: registered,
            trace: traceOf(ctx.req),
            grant: handOf(redeemed.ticket.intent.user),
          })
    if (decision === undefined || grant === undefined) return undefined
    if (decision.kind === 'refused' && decision.code === 'temporarily_unavailable' && redeemed !== undefined)
      await giveBack(desk, ctx, redeemed.ticket)
    if (decision.kind === 'refused') throw new errors.CustomOIDCProviderError(decision.code, decision.reason)
    // QUIRK(oidc-provider): the code carries grant ∩ `params.scope`, by string. What we granted is what was asked from here on.
    params['scope'] = grant.getResourceScope(Object.keys(resourceServers ?? {})[0] ?? '')
    return grant
  }
