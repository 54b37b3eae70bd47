import { readBasic } from '@uthopp/server-kit/basic-credentials'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import { sameText } from '@uthopp/server-kit/same-text'
import type { RequireScope } from '#src/clients/scoped-caller.ts'
import { secretHash } from '#src/launch/secrets.ts'
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

export const createWhoAsks =
  (deps: WhoAsksDeps) =>
  async (ctx: AppContext): Promise<Inquirer> => {
    const header = ctx.get('authorization')
    const bearer = /^Bearer (?<token>\S+)$/i.exec(header)?.groups?.['token']
    if (bearer === undefined) {
      const shown = readBasic(header)
      const client = shown === undefined ? undefined : await deps.clients.find(shown.id)
      // The registered method is the method here as at the token endpoint (RFC 7591 §2).
      if (client?.authentication.method !== 'client_secret_basic' || shown?.secret === undefined) return unauthorized()
      if (!sameText(client.authentication.secretHash, secretHash(shown.secret))) return unauthorized()
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
