import { hash, timingSafeEqual } from 'node:crypto'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { RequireScope } from '#src/clients/scoped-caller.ts'
import type { AccessTokens } from '#src/provider/access-tokens.ts'
import type { ClientStore } from '#src/storage/clients.ts'

/** Who wants to know: somebody who reads the access log, or an app about its own requests, for one person where a token says whom. */
export type Inquirer =
  | { readonly kind: 'reader'; readonly clientId: string }
  | { readonly kind: 'app'; readonly clientId: string; readonly user: string | null }

export type WhoAsksDeps = {
  readonly issuer: string
  readonly accessTokens: () => AccessTokens
  readonly clients: ClientStore
  readonly requireReader: RequireScope
}

const unauthorized = (): never =>
  refuse(401, 'invalid_token', 'an explanation needs a token of the app, its client authentication or `__audit.read`', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token", Basic realm="explain"' },
  })

const sameText = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function credentialsIn(header: string): readonly [string, string] | undefined {
  const encoded = /^Basic (?<encoded>[A-Za-z0-9+/=_-]+)$/i.exec(header)?.groups?.['encoded']
  const [id, ...secret] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(':')
  if (id === undefined || secret.length === 0) return undefined
  try {
    // RFC 6749 §2.3.1: both are form-encoded before they are joined.
    return [decodeURIComponent(id), decodeURIComponent(secret.join(':'))]
  } catch {
    return undefined
  }
}

export const createWhoAsks =
  (deps: WhoAsksDeps) =>
  async (ctx: AppContext): Promise<Inquirer> => {
    const header = ctx.get('authorization')
    const bearer = /^Bearer (?<token>\S+)$/i.exec(header)?.groups?.['token']
    if (bearer === undefined) {
      const [clientId, secret] = credentialsIn(header) ?? []
      const client = clientId === undefined ? undefined : await deps.clients.find(clientId)
      if (client === undefined || secret === undefined || !('secretHash' in client.authentication))
        return unauthorized()
      if (!sameText(client.authentication.secretHash, hash('sha256', secret, 'base64url'))) return unauthorized()
      return { kind: 'app', clientId: client.clientId, user: null }
    }
    const live = await deps.accessTokens().find(bearer)
    if (live === undefined) return unauthorized()
    if (live.claims.aud === `${deps.issuer}/audit`) {
      const { client } = await deps.requireReader(ctx, ['__audit.read'])
      return { kind: 'reader', clientId: client.clientId }
    }
    // Other APIs of ours have tokens of their own, which say nothing here.
    if (typeof live.claims.aud !== 'string' || live.claims.aud.startsWith(`${deps.issuer}/`)) return unauthorized()
    return { kind: 'app', clientId: live.clientId, user: live.grantId === undefined ? null : (live.claims.sub ?? null) }
  }
