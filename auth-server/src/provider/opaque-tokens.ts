import type { JWTPayload } from 'jose'
import { secretHash } from '#src/launch/secrets.ts'
import type { OidcRows } from '#src/storage/oidc-rows.ts'

/** Where the library keeps access tokens that are no JWT. */
const MODELS = ['AccessToken', 'ClientCredentials'] as const

export const isOpaqueModel = (model: string): boolean => MODELS.some((known) => known === model)

/** What stands for an opaque token in logs and on the stream of revocations: its own id is the token. */
export const opaqueName = (token: string): string => secretHash(token)

/** A token of the library's, before or after it was saved. */
export type NamedToken = { readonly jti?: string | undefined; readonly format?: string | undefined }

/**
 * What may be written down of a token: the `jti` of a JWT, which opens nothing, and for every other the name that stands for
 * it. Undefined before it has an id.
 */
export function publicNameOf({ jti, format }: NamedToken): string | undefined {
  if (jti === undefined) return undefined
  return format === 'jwt' ? jti : opaqueName(jti)
}

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/
/** The library makes tokens of 256 bits; whatever is shorter, longer or of other letters was not made here. */
const OPAQUE = /^[\w-]{43}$/

export const isJwt = (token: string): boolean => JWT.test(token)

const seconds = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** The claims an opaque token would carry if it were a JWT (contracts §6); undefined for what is unknown or over. */
export async function readOpaque(
  rows: OidcRows,
  issuer: string,
  token: string,
  now: Date,
): Promise<JWTPayload | undefined> {
  if (!OPAQUE.test(token)) return undefined
  for (const model of MODELS) {
    const payload = (await rows.find(model, token))?.payload
    if (payload === undefined) continue
    const { accountId, clientId, scope, aud, iat, exp, extra } = payload
    const ends = seconds(exp)
    if (ends === undefined || ends * 1000 <= now.getTime()) return undefined
    const claims = {
      iss: issuer,
      sub: text(accountId) ?? text(clientId),
      aud: text(aud),
      client_id: text(clientId),
      scope: text(scope),
      iat: seconds(iat),
      exp: ends,
      jti: opaqueName(token),
      ...(typeof extra === 'object' ? extra : {}),
    }
    return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined))
  }
  return undefined
}
