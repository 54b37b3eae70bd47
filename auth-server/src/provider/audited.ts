import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { askerOfLaunch, askerOfService } from '#src/policy/asker.ts'
import type { Concerned, LaunchEvents } from '#src/launch/events.ts'
import { correlationOf } from './front.ts'
import { memoOf } from './memo.ts'

const idOf = (token: { readonly jti?: string } | undefined) => (token?.jti === undefined ? {} : { tokenId: token.jti })

/** Whom the tokens of this answer are about, and what they open. */
export function tokenConcerns(ctx: KoaContextWithOIDC, tenant: string): Concerned {
  const { authorized } = memoOf(ctx)
  const { AccessToken, ClientCredentials, Client } = ctx.oidc.entities
  if (authorized !== undefined) {
    const detail = { granted: authorized.granted, ...idOf(AccessToken) }
    return { asker: askerOfLaunch(authorized.context), grantId: authorized.grantId, detail }
  }
  if (Client === undefined) return {}
  const granted = ClientCredentials?.scope?.split(' ') ?? []
  return { asker: askerOfService(tenant, Client.clientId), detail: { granted, ...idOf(ClientCredentials) } }
}

/**
 * The last to see an answer of the library before it leaves: tells what no event of the library does, and lets the answer go
 * only when everything that led to it is written down.
 */
export const settleBeforeAnswering =
  (events: LaunchEvents, settle: () => Promise<void>) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    const route = ctx.oidc?.route
    const clientId = ctx.oidc?.client?.clientId
    const done = ctx.status === 200 && clientId !== undefined
    const about = { correlationId: correlationOf(ctx.req), ...(clientId === undefined ? {} : { clientId }) }
    const status = route === 'introspection' || route === 'revocation'
    if (status && ctx.status === 401) events.tell('token-refused', { ...about, code: 'invalid_client' })
    if (done && route === 'introspection') events.tell('token-introspected', about)
    if (done && route === 'revocation') events.tell('token-revoked', about)
    await settle().catch((error: unknown) => {
      events.failed(error, about)
      // No log, no data: neither tokens nor the way to them leave.
      for (const name of ['set-cookie', 'location']) ctx.remove(name)
      ctx.status = 500
      ctx.body = { error: 'server_error', error_description: 'what was done cannot be written down now' }
    })
  }

/**
 * Tells of tokens together with the writing of their refresh token, so that both share one commit: the code or the token before
 * it has been spent by then, and nothing is left that a caller could fail at.
 */
export function tellWithRefreshToken(
  provider: Provider,
  tell: (ctx: KoaContextWithOIDC) => void,
  settle: () => Promise<void>,
): void {
  const { prototype } = provider.RefreshToken
  // oxlint-disable-next-line typescript/unbound-method -- called below on the token it is taken from
  const { save } = prototype
  prototype.save = async function saveAndTell(...given: Parameters<typeof save>): Promise<string> {
    const ctx = Provider.ctx
    if (ctx?.oidc.route !== 'token') return save.apply(this, given)
    tell(ctx)
    const [value] = await Promise.all([save.apply(this, given), settle()])
    return value
  }
}
