import { hash } from 'node:crypto'
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import { createTokenCache } from '@uthopp/server-kit/token-cache'
import type { ClientStore } from '#src/storage/clients.ts'
import type { Client } from './client.ts'
import { goOnWithOwnTrace } from './own-process.ts'

/** Who calls one of our own APIs, and what for. */
export type ScopedCaller = { readonly client: Client; readonly scopes: ReadonlySet<string>; readonly until: Date }
/** Admits a token with at least one of these scopes. */
export type RequireScope = (ctx: AppContext, anyOf: readonly string[]) => Promise<ScopedCaller>

/** Processes renew their tokens every few minutes, and a trust has few processes. */
const KEPT_TOKENS = 200

/** Admits tokens of this issuer for one of its own APIs, held by a client that still is registered for the scope. */
export function createScopedCallers(deps: {
  readonly issuer: string
  readonly audience: string
  /** How a refusal calls it, such as `the decision point`. */
  readonly api: string
  readonly issuerKeys: JWTVerifyGetKey
  readonly clients: ClientStore
  readonly now: () => Date
}): RequireScope {
  const verified = createTokenCache<JWTPayload>(KEPT_TOKENS)
  const unauthorized = (cause?: unknown): never =>
    refuse(401, 'invalid_token', `a valid access token for ${deps.api} is needed here`, {
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      cause,
    })

  /** One token asks many questions: its signature is checked the first time, its end every time. */
  async function claimsOf(token: string): Promise<JWTPayload> {
    const at = deps.now()
    const id = hash('sha256', token, 'base64url')
    const known = verified.get(id, at.getTime())
    if (known !== undefined) return known
    const { payload } = await jwtVerify(token, deps.issuerKeys, {
      issuer: deps.issuer,
      audience: deps.audience,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'client_id', 'scope'],
      currentDate: at,
    })
    verified.put(id, payload, (payload.exp ?? 0) * 1000)
    return payload
  }

  return async (ctx, anyOf) => {
    const token = /^Bearer (?<token>[\w-]+\.[\w-]+\.[\w-]+)$/i.exec(ctx.get('authorization'))?.groups?.['token']
    if (token === undefined) return unauthorized()
    const { client_id: clientId, scope, exp } = await claimsOf(token).catch(unauthorized)
    if (typeof clientId !== 'string' || typeof scope !== 'string' || exp === undefined) return unauthorized()
    const client = await deps.clients.find(clientId)
    // A token of a client that has gone is no token any more; one of a client that lost a scope is one without it.
    if (client === undefined) return unauthorized()
    const registered = scopesIn(client.scope)
    const scopes = new Set(scopesIn(scope).filter((one) => registered.includes(one)))
    if (!anyOf.some((one) => scopes.has(one)))
      return refuse(
        403,
        'insufficient_scope',
        `${deps.api} needs scope ${anyOf.map((one) => `\`${one}\``).join(' or ')}`,
        {
          headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${anyOf.join(' ')}"` },
        },
      )
    goOnWithOwnTrace(ctx, clientId)
    return { client, scopes, until: new Date(exp * 1000) }
  }
}
