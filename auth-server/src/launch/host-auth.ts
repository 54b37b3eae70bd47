import { hash } from 'node:crypto'
import { type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { createTokenCache } from '@uthopp/server-kit/token-cache'
import type { Client, HostPowers } from '#src/clients/client.ts'
import type { ClientStore } from '#src/storage/clients.ts'

export type Host = Client & { readonly host: HostPowers }
export type RequireHost = (ctx: AppContext) => Promise<Host>

const unauthorized = (cause?: unknown): never =>
  refuse(401, 'invalid_token', 'a valid access token for the launch API is needed here', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    cause,
  })

/** A host renews its token every few minutes, and a trust has few hosts. */
const KEPT_TOKENS = 200

/** Answers which host is calling: a token of this issuer, for this API, with `__launch`, held by a client with host powers. */
export function createHostAuth(deps: {
  readonly issuer: string
  readonly audience: string
  readonly issuerKeys: JWTVerifyGetKey
  readonly clients: ClientStore
  readonly now: () => Date
}): RequireHost {
  const verified = createTokenCache<JWTPayload>(KEPT_TOKENS)

  /** A host offers many launches with one token: its signature is checked the first time, its end every time. */
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
      requiredClaims: ['exp', 'client_id'],
      currentDate: at,
    })
    verified.put(id, payload, (payload.exp ?? 0) * 1000)
    return payload
  }

  return async (ctx) => {
    const token = /^Bearer (?<token>[\w-]+\.[\w-]+\.[\w-]+)$/i.exec(ctx.get('authorization'))?.groups?.['token']
    if (token === undefined) return unauthorized()
    const payload = await claimsOf(token).catch(unauthorized)
    const scopes = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : []
    const client = typeof payload['client_id'] === 'string' ? await deps.clients.find(payload['client_id']) : undefined
    if (!scopes.includes('__launch') || client?.host === undefined)
      return refuse(
        403,
        'insufficient_scope',
        'the launch API needs scope `__launch` and a client registered as a host',
        {
          headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="__launch"' },
        },
      )
    return { ...client, host: client.host }
  }
}
