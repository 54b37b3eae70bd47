import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import { GATEWAY } from '#src/clients/own-process.ts'
import type { ClientRevocations } from '#src/revocations/client-revocations.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { Inside } from '#src/storage/clients.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import type { AccessTokens } from './access-tokens.ts'
import { correlationOf } from './front.ts'
import { memoOf } from './memo.ts'
import { type NamedToken, publicNameOf } from './opaque-tokens.ts'
import { revokedEvent } from './token-questions.ts'

type Owned = { readonly clientId?: string | undefined }
type Ended = Owned & NamedToken & { readonly grantId?: string | undefined }

/** A client id alone proves nothing, so public clients show the token itself (contracts §6). */
export const mayIntrospect = (_ctx: unknown, client: Client, token: Owned): boolean =>
  client.clientId === token.clientId && client.tokenEndpointAuthMethod !== 'none'

/**
 * Whoever holds a public client's token may end it: that is all a thief could do with it that its owner would welcome.
 *
 * QUIRK(oidc-provider): it ends the token and its grant in transactions of its own, after this. So the record is written first:
 * a process that ends between the two leaves a record of what was asked for, and no deed without one.
 */
export const mayRevoke =
  ({ events, settleAudit }: RevocationDeps) =>
  async (ctx: KoaContextWithOIDC, client: Client, token: Ended): Promise<boolean> => {
    if (client.clientId !== token.clientId) return false
    const about = { clientId: client.clientId, correlationId: correlationOf(ctx.req) }
    const [event, concerned] = revokedEvent(endedOf(publicNameOf(token), token.grantId))
    events.tell(event, about, concerned)
    memoOf(ctx).endTold = true
    await settleAudit()
    return true
  }

type RevocationDeps = { readonly events: LaunchEvents; readonly settleAudit: () => Promise<void> }

const endedOf = (tokenId: string | undefined, grantId: string | undefined) => ({
  ...(tokenId === undefined ? {} : { tokenId }),
  ...(grantId === undefined ? {} : { grantId }),
})

const INACTIVE = { active: false }

type StatusDeps = {
  readonly tokens: AccessTokens
  readonly rows: OidcRows
  readonly clientRevocations: ClientRevocations
  readonly events: LaunchEvents
  readonly now: () => Date
}

/**
 * Answers about access tokens where the library declines, because they are JWTs.
 * The library has authenticated the client by then; its refusal is replaced.
 */
export const finishTokenStatus =
  ({ tokens, rows, clientRevocations, events, now }: StatusDeps) =>
  async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    const route = ctx.oidc?.route
    if (route !== 'introspection' && route !== 'revocation') return
    const { client, params } = ctx.oidc
    const body = { ...(typeof ctx.body === 'object' ? ctx.body : {}) }
    const declined = 'error' in body && body.error === 'unsupported_token_type'
    // An opaque access token it knows; what the library says of it lacks the context of its launch.
    const told = 'active' in body && body.active === true && ctx.oidc.entities.RefreshToken === undefined
    if ((!declined && !told) || client === undefined) return
    const found = await tokens.find(String(params?.['token']))
    const live = found !== undefined && found.clientId === client.clientId ? found : undefined
    ctx.status = 200
    if (route === 'revocation') {
      if (live !== undefined) {
        const about = { clientId: live.clientId, correlationId: correlationOf(ctx.req) }
        const [event, concerned] = revokedEvent(endedOf(live.claims.jti, live.grantId))
        await events.deed((tell) => {
          const telling: Inside = (inside) => tell(inside, event, about, concerned)
          // Refresh tokens of the launch die too, and the gateway hears of it.
          return live.grantId === undefined
            ? clientRevocations.revoke(live.clientId, now(), telling)
            : rows.destroyByGrant(live.grantId, now(), telling)
        })
        memoOf(ctx).endTold = true
      }
      ctx.body = ''
      return
    }
    ctx.body = live === undefined || !mayIntrospect(ctx, client, live) ? INACTIVE : await tokens.describe(live)
  }

/**
 * Introspection with an access token as authorization (SMART App Launch 2.2.0, "Token introspection").
 * The bearer of a token may ask about that token; about others only with `__introspect`. Undefined: the bearer is nobody.
 * The gateway, with a token for this endpoint and nothing else, hears also what was decided about the grant.
 */
export async function introspectAsBearer(
  tokens: AccessTokens,
  bearer: string,
  asked: string,
  ownAudience: string,
): Promise<{ readonly caller: string; readonly answer: Readonly<Record<string, unknown>> } | undefined> {
  const caller = await tokens.find(bearer)
  if (caller === undefined) return undefined
  const answered = (answer: Readonly<Record<string, unknown>>) => ({ caller: caller.clientId, answer })
  const scopes = scopesIn(caller.claims['scope'])
  if (asked !== bearer && !scopes.includes('__introspect')) return answered(INACTIVE)
  const subject = asked === bearer ? caller : await tokens.find(asked)
  if (subject === undefined) return answered(INACTIVE)
  const answer = await tokens.describe(subject)
  const forGateway = caller.clientId === GATEWAY && caller.claims.aud === ownAudience
  if (!forGateway) return answered(answer)
  const grant = await tokens.factsOf(subject)
  return answered(grant === undefined ? INACTIVE : { ...answer, grant })
}
