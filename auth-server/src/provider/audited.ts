import { type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { AuditDetail } from '@uthopp/audit/record'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import { askerOfLaunch, askerOfService } from '#src/policy/asker.ts'
import type { Concerned, LaunchEvents } from '#src/launch/events.ts'
import { newSecret } from '#src/launch/secrets.ts'
import { correlationOf } from './front.ts'
import { tellIntrospected } from './token-questions.ts'
import { memoOf } from './memo.ts'
import { type NamedToken, publicNameOf } from './opaque-tokens.ts'

/** The token itself and what it opens, which may be less than its launch was granted (RFC 6749 §6). */
function detailOf(token: NamedToken & { readonly scope?: string | undefined }): AuditDetail {
  const tokenId = publicNameOf(token)
  return { granted: scopesIn(token.scope), ...(tokenId === undefined ? {} : { tokenId }) }
}

/** Whom the tokens of this answer are about, and what they open. */
export function tokenConcerns(ctx: KoaContextWithOIDC, tenant: string): Concerned {
  const { authorized } = memoOf(ctx)
  const { AccessToken, ClientCredentials, Client } = ctx.oidc.entities
  const token = AccessToken ?? ClientCredentials
  const detail = token === undefined ? {} : detailOf(token)
  if (authorized !== undefined) return { asker: askerOfLaunch(authorized.context), grantId: authorized.grantId, detail }
  return Client === undefined ? {} : { asker: askerOfService(tenant, Client.clientId), detail }
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
    // RFC 7009 §2.2 answers a token that is none, or another client's, as if it had been ended.
    const status = route === 'introspection' || route === 'revocation'
    if (status && ctx.status === 401) events.tell('token-refused', { ...about, code: 'invalid_client' })
    if (done && route === 'introspection')
      tellIntrospected(events, about.correlationId, clientId, { ...Object(ctx.body) })
    if (done && route === 'revocation' && !memoOf(ctx).endTold)
      events.tell('token-revocation-empty', { ...about, clientId })
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
 * it has been spent by then, and the access token has its name and its scope.
 *
 * QUIRK(oidc-provider): a code makes the access token first, a refresh token the other way round. There the writing waits for
 * the access token. Delete this where the library writes both tokens together.
 */
export function tellWithRefreshToken(
  provider: Provider,
  tell: (ctx: KoaContextWithOIDC) => void,
  settle: () => Promise<void>,
): void {
  const refreshToken = provider.RefreshToken.prototype
  const accessToken = provider.AccessToken.prototype
  // oxlint-disable-next-line typescript/unbound-method -- both are called below on the token they are taken from
  const [keepRefreshToken, keepAccessToken] = [refreshToken.save, accessToken.save]

  refreshToken.save = async function saveAndTell(...given: Parameters<typeof keepRefreshToken>): Promise<string> {
    const ctx = Provider.ctx
    if (ctx?.oidc.route !== 'token') return keepRefreshToken.apply(this, given)
    if (ctx.oidc.entities.AccessToken === undefined) {
      memoOf(ctx).keepRefreshToken = () => keepRefreshToken.apply(this, given)
      // Its value has to be told now, and is its id: 256 bits as the library makes them.
      this.jti = newSecret()
      return this.jti
    }
    tell(ctx)
    const [value] = await Promise.all([keepRefreshToken.apply(this, given), settle()])
    return value
  }

  accessToken.save = async function saveAndTell(...given: Parameters<typeof keepAccessToken>): Promise<string> {
    const value = await keepAccessToken.apply(this, given)
    const ctx = Provider.ctx
    const keep = ctx && memoOf(ctx).keepRefreshToken
    if (ctx === undefined || keep === undefined) return value
    delete memoOf(ctx).keepRefreshToken
    tell(ctx)
    await Promise.all([keep(), settle()])
    return value
  }
}
