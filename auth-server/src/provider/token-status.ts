import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import type { ClientRevocations } from '#src/revocations/client-revocations.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import type { AccessTokens } from './access-tokens.ts'

type Owned = { readonly clientId?: string | undefined }

/** A client id alone proves nothing, so public clients show the token itself (contracts §6). */
export const mayIntrospect = (_ctx: unknown, client: Client, token: Owned): boolean =>
  client.clientId === token.clientId && client.tokenEndpointAuthMethod !== 'none'

/** Whoever holds a public client's token may end it: that is all a thief could do with it that its owner would welcome. */
export const mayRevoke = (_ctx: unknown, client: Client, token: Owned): boolean => client.clientId === token.clientId

const INACTIVE = { active: false }

/**
 * Answers about access tokens where the library declines, because they are JWTs.
 * The library has authenticated the client by then; its refusal is replaced.
 */
export const finishTokenStatus =
  (tokens: AccessTokens, rows: OidcRows, clientRevocations: ClientRevocations, now: () => Date) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    const route = ctx.oidc?.route
    if (route !== 'introspection' && route !== 'revocation') return
    const { client, params } = ctx.oidc
    const declined =
      typeof ctx.body === 'object' &&
      ctx.body !== null &&
      'error' in ctx.body &&
      ctx.body.error === 'unsupported_token_type'
    if (!declined || client === undefined) return
    const found = await tokens.find(String(params?.['token']))
    const live = found !== undefined && found.clientId === client.clientId ? found : undefined
    ctx.status = 200
    if (route === 'revocation') {
      // Refresh tokens of the launch die too, and the gateway hears of it.
      if (live?.grantId !== undefined) await rows.destroyByGrant(live.grantId, now())
      else if (live !== undefined) await clientRevocations.revoke(live.clientId, now())
      ctx.body = ''
      return
    }
    ctx.body = live === undefined || !mayIntrospect(ctx, client, live) ? INACTIVE : await tokens.describe(live)
  }

/**
 * Introspection with an access token as authorization (SMART App Launch 2.2.0, "Token introspection").
 * The bearer of a token may ask about that token; about others only with `__introspect`. Undefined: the bearer is nobody.
 */
export async function introspectAsBearer(
  tokens: AccessTokens,
  bearer: string,
  asked: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const caller = await tokens.find(bearer)
  if (caller === undefined) return undefined
  const scopes = typeof caller.claims['scope'] === 'string' ? caller.claims['scope'].split(' ') : []
  if (asked !== bearer && !scopes.includes('__introspect')) return INACTIVE
  const subject = asked === bearer ? caller : await tokens.find(asked)
  return subject === undefined ? INACTIVE : tokens.describe(subject)
}
