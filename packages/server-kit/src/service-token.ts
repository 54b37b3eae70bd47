import { createHash, randomUUID } from 'node:crypto'
import {
  createLocalJWKSet,
  decodeJwt,
  errors,
  jwtVerify,
  SignJWT,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'
import { remoteKeySet } from './remote-key-set.ts'
import { createTokenCache } from './token-cache.ts'
import type { SigningKey } from './keys.ts'
import { refuse } from './refusal.ts'

const LIFETIME_SECONDS = 300
const RENEW_BEFORE_SECONDS = 60
const CLOCK_TOLERANCE_SECONDS = 5

/** Speaks for one of our processes towards another. */
export type ServiceSigner = {
  /** A whole `Authorization` header value, reused until a minute before it expires. */
  readonly bearer: (audience: string, scope?: string) => Promise<string>
}

/** Makes short self-signed tokens (RFC 9068 shape, issuer = subject); the other side knows our key by our JWKS address. */
export function createServiceSigner(options: {
  readonly key: SigningKey
  readonly issuer: string
  readonly now?: () => Date
}): ServiceSigner {
  const now = options.now ?? (() => new Date())
  const made = new Map<string, { readonly value: Promise<string>; readonly renewAt: number }>()
  const sign = async (audience: string, scope: string | undefined, at: number): Promise<string> => {
    const token = await new SignJWT(scope === undefined ? {} : { scope })
      .setProtectedHeader({ alg: options.key.alg, kid: options.key.kid, typ: 'at+jwt' })
      .setIssuer(options.issuer)
      .setSubject(options.issuer)
      .setAudience(audience)
      .setIssuedAt(at)
      .setExpirationTime(at + LIFETIME_SECONDS)
      .setJti(randomUUID())
      .sign(options.key.privateKey)
    return `Bearer ${token}`
  }
  return {
    bearer(audience, scope) {
      const at = Math.floor(now().getTime() / 1000)
      const cached = made.get(`${audience} ${scope ?? ''}`)
      if (cached && at < cached.renewAt) return cached.value
      const value = sign(audience, scope, at)
      made.set(`${audience} ${scope ?? ''}`, { value, renewAt: at + LIFETIME_SECONDS - RENEW_BEFORE_SECONDS })
      return value
    },
  }
}

type ServiceIssuer =
  | { readonly issuer: string; readonly jwksUrl: string }
  | { readonly issuer: string; readonly jwks: JSONWebKeySet }

export type ServiceVerifier = {
  /** Answers who calls, or refuses with 401 (503 while the caller's keys cannot be fetched). */
  readonly verify: (authorization: string | undefined) => Promise<ServiceCaller>
}

/** A process that has shown who it is, and until when that holds. */
type ServiceCaller = { readonly issuer: string; readonly expiresAt: Date }

/** Accepts the tokens of named processes for one audience and, where given, one scope. */
export function createServiceVerifier(options: {
  readonly issuers: readonly ServiceIssuer[]
  readonly audience: string
  readonly scope?: string
  readonly now?: () => Date
}): ServiceVerifier {
  const now = options.now ?? (() => new Date())
  const keySets = new Map<string, JWTVerifyGetKey>(options.issuers.map((known) => [known.issuer, keySet(known)]))
  const verified = createTokenCache<ServiceCaller>(1000)

  const check = async (token: string): Promise<ServiceCaller> => {
    const issuer = decodeJwt(token).iss ?? ''
    const keys = keySets.get(issuer)
    if (!keys) return unauthorized()
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: options.audience,
      subject: issuer,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'iat', 'jti'],
      maxTokenAge: LIFETIME_SECONDS,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now(),
    })
    const scopes = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : []
    if (options.scope !== undefined && !scopes.includes(options.scope)) return unauthorized()
    return { issuer, expiresAt: new Date((payload.exp ?? 0) * 1000) }
  }

  return {
    async verify(authorization) {
      const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1]
      if (token === undefined) return unauthorized()
      const hash = createHash('sha256').update(token).digest('base64url')
      const known = verified.get(hash, now().getTime())
      if (known) return known
      try {
        const caller = await check(token)
        verified.put(hash, caller, caller.expiresAt.getTime())
        return caller
      } catch (error) {
        if (isUnreachable(error))
          return refuse(503, 'temporarily_unavailable', "the caller's keys cannot be fetched now")
        return unauthorized()
      }
    },
  }
}

const keySet = (known: ServiceIssuer): JWTVerifyGetKey =>
  'jwks' in known ? createLocalJWKSet(known.jwks) : remoteKeySet(known.jwksUrl)

/** A fetch that failed says nothing about the token; every other failure does. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  error instanceof TypeError ||
  (error instanceof Error && error.name === 'JOSEError')

const unauthorized = (): never =>
  refuse(401, 'invalid_token', 'a valid service token is needed here', {
    headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
  })
