import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import { idTokenClaims, tokenResponseFields } from '@uthopp/smart-core/launch/projections'
import { smartLevelOf } from '#src/clients/client.ts'
import type { LaunchDesk } from '#src/launch/desk.ts'
import { type GrantFacts, launchFacts, serviceFacts } from '#src/launch/grant-facts.ts'
import type { ClientRevocations } from '#src/revocations/client-revocations.ts'
import type { ClientStore } from '#src/storage/clients.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'
import { inWordsOf } from './context-words.ts'
import { isJwt, readOpaque } from './opaque-tokens.ts'

/** A token of this issuer that is good now: signed or known, in time, and its grant not dead. */
type LiveToken = { readonly claims: JWTPayload; readonly clientId: string; readonly grantId: string | undefined }

const textClaim = (claims: JWTPayload, name: string): string | undefined => {
  const value = claims[name]
  return typeof value === 'string' ? value : undefined
}

/** `iat` is in whole seconds: a token of the second in which its client was revoked is taken for an older one. */
const issuedAfter = ({ iat }: JWTPayload, revokedAt: Date | undefined): boolean =>
  revokedAt === undefined || (iat ?? 0) * 1000 > revokedAt.getTime()

/** Reads our own access tokens: those the library signs, which it cannot read back, and those it keeps. */
export function createAccessTokens(deps: {
  readonly issuer: string
  readonly jwks: JSONWebKeySet
  readonly rows: OidcRows
  readonly clients: ClientStore
  readonly desk: LaunchDesk
  readonly clientRevocations: ClientRevocations
  readonly now: () => Date
}) {
  const keys = createLocalJWKSet(deps.jwks)

  async function claimsOf(token: string): Promise<JWTPayload | undefined> {
    if (!isJwt(token)) return readOpaque(deps.rows, deps.issuer, token, deps.now())
    const verified = await jwtVerify(token, keys, {
      issuer: deps.issuer,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'client_id'],
      currentDate: deps.now(),
    }).catch(() => undefined)
    return verified?.payload
  }

  return {
    /** Undefined for everything that is not a live token of ours; why stays here. */
    async find(token: string): Promise<LiveToken | undefined> {
      const claims = await claimsOf(token)
      const clientId = claims && textClaim(claims, 'client_id')
      // Service tokens between our processes carry no client and are none of an app's business.
      if (claims === undefined || clientId === undefined) return undefined
      const grantId = textClaim(claims, 'grant_id')
      const alive =
        grantId === undefined
          ? issuedAfter(claims, await deps.clientRevocations.revokedAt(clientId))
          : (await deps.rows.find('Grant', grantId)) !== undefined
      return alive ? { claims, clientId, grantId } : undefined
    },

    /** The introspection answer: the token's claims and the context its response had (SAL-188 to SAL-190). */
    async describe({ claims, clientId, grantId }: LiveToken): Promise<Readonly<Record<string, unknown>>> {
      const launch = grantId === undefined ? undefined : await deps.desk.findByGrant(grantId)
      if (launch === undefined) return { active: true, token_type: 'Bearer', ...claims }
      const fields = tokenResponseFields(launch)
      // Only that member has been said in more than one way.
      const client = fields.fhirContext === undefined ? undefined : await deps.clients.find(clientId)
      const context = { ...inWordsOf(smartLevelOf(client), fields), ...idTokenClaims(launch) }
      return { active: true, token_type: 'Bearer', ...claims, ...context }
    },

    /** What was decided about the token's grant; undefined when its client or launch is no longer there. */
    async factsOf({ claims, clientId, grantId }: LiveToken): Promise<GrantFacts | undefined> {
      const client = await deps.clients.find(clientId)
      if (client === undefined) return undefined
      // Policy was asked right before this token was made, at code exchange as at every refresh.
      const attestedAt = new Date((claims.iat ?? 0) * 1000)
      if (grantId === undefined) return serviceFacts(client, attestedAt)
      const launch = await deps.desk.findByGrant(grantId)
      return launch && launchFacts(launch, client, attestedAt)
    },
  }
}

export type AccessTokens = ReturnType<typeof createAccessTokens>
