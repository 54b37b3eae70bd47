import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { LaunchDesk } from '#src/launch/desk.ts'
import { SMART_SCOPE } from './client-metadata.ts'
import { correlationOf } from './front.ts'
import { memoOf } from './memo.ts'

/** Scopes the library itself acts on; the others live in the resource server's part of the grant. */
const OIDC_SCOPES = new Set(['openid', 'fhirUser', 'profile', 'offline_access', 'online_access'])

export const registeredScope = (ctx: KoaContextWithOIDC): string => {
  const registered = ctx.oidc.client?.[SMART_SCOPE]
  return typeof registered === 'string' ? registered : ''
}

type Grant = NonNullable<KoaContextWithOIDC['oidc']['grant']>

/** One launch, one grant: made here for the launch this request redeemed, and never looked up in a session. */
export const grantOfLaunch =
  (desk: LaunchDesk) =>
  async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { client, params, resourceServers } = ctx.oidc
    const redeemed = memoOf(ctx).redeemed
    if (redeemed === undefined || client === undefined || params === undefined) return undefined
    const grant = new ctx.oidc.provider.Grant({ accountId: redeemed.ticket.intent.user, clientId: client.clientId })
    const decision = await desk.authorize({
      ...redeemed,
      registered: registeredScope(ctx),
      mayRefresh: client.grantTypeAllowed('refresh_token'),
      correlationId: correlationOf(ctx.req),
      async saveGrant(granted) {
        grant.addOIDCScope(granted.filter((scope) => OIDC_SCOPES.has(scope)).join(' '))
        // All of them: a scope missing from the resource's part is missing from the token response too.
        for (const resource of Object.keys(resourceServers ?? {})) grant.addResourceScope(resource, granted.join(' '))
        await grant.save()
        return grant.jti
      },
      dropGrant: () => grant.destroy(),
    })
    if (decision.kind === 'refused') throw new errors.CustomOIDCProviderError(decision.code, decision.reason)
    // QUIRK(oidc-provider): the code carries grant ∩ `params.scope`, by string. What we granted is what was asked from here on.
    params['scope'] = grant.getResourceScope(Object.keys(resourceServers ?? {})[0] ?? '')
    return grant
  }
