import { createHash } from 'node:crypto'
import { errors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { remoteKeySet } from '@uthopp/server-kit/remote-key-set'
import { createTokenCache } from '@uthopp/server-kit/token-cache'
import type { Trace } from '@uthopp/server-kit/trace'
import { invalidToken, notReady } from '#src/http/refusals.ts'
import type { RevocationWatch } from '#src/revocations/revocation-watch.ts'
import type { Trust } from '#src/trust.ts'
import type { GrantFacts } from './grant-facts.ts'
import type { LaunchFacts } from './launch-facts.ts'
import { isAboutUser, namedUser } from './name-user.ts'
import type { OpaqueTokens } from './opaque-tokens.ts'
import { readClaims, type VerifiedToken } from './read-claims.ts'

/** Seconds by which two hospital clocks may differ. */
const CLOCK_SKEW_SECONDS = 5
const REMEMBERED_TOKENS = 10_000

/** Who calls: what the token permits, and what its issuer knows of the launch behind it. */
type Caller = VerifiedToken & {
  /** Asked of the issuer when it is not known; `undefined` when the issuer does not tell. */
  readonly launchFacts: () => Promise<LaunchFacts | undefined>
}

/**
 * Answers what a bearer token of this trust permits, or refuses with 401 (503 while the issuer cannot be asked for its keys or
 * about the token, or what it revoked cannot be known).
 */
export type TokenVerifier = (
  trust: Trust,
  token: string,
  from: { readonly trace: Trace; readonly address: string },
) => Promise<Caller>

/**
 * Verifies access tokens (RFC 9068): ES256 by the trust's own issuer, for this FHIR base and no other, in time, of this tenant.
 * A token that is no JWT is asked about instead, and means the same once it is known (CE-45).
 *
 * What a token meant is remembered by its hash until it expires, scopes already parsed; per trust, so that a token once
 * accepted at one base is never known at another.
 */
export function createTokenVerifier(options: {
  readonly trusts: Iterable<Trust>
  readonly requireAlive: RevocationWatch['requireAlive']
  readonly opaque: OpaqueTokens
  readonly grantFacts: GrantFacts
  readonly now: () => Date
}): TokenVerifier {
  const doors = new Map(
    [...options.trusts].map((trust) => [
      trust.orgnr,
      { keys: remoteKeySet(`${trust.issuer}/jwks`), known: createTokenCache<VerifiedToken>(REMEMBERED_TOKENS) },
    ]),
  )
  return async (trust, token, { trace, address }) => {
    const door = doors.get(trust.orgnr)
    if (!door) throw invalidToken()
    const hash = createHash('sha256').update(token).digest('base64url')
    const known = door.known.get(hash, options.now().getTime())
    const verified = known ?? (await whoHolds(trust, door.keys, { trace, token, hash, address }))
    // A user of whom the issuer told nothing is asked about again.
    if (!known && (verified.access.fhirUser !== undefined || !isAboutUser(verified)))
      door.known.put(hash, verified, verified.access.expiresAt.getTime())
    // INVARIANT: asked for every request, remembered token or not, and after the last moment this function waits.
    options.requireAlive(trust, verified.identity)
    return { ...verified, launchFacts: () => options.grantFacts.read(trace, trust, token, verified) }
  }

  async function whoHolds(
    trust: Trust,
    keys: JWTVerifyGetKey,
    { trace, token, hash, address }: Held,
  ): Promise<VerifiedToken> {
    const found = await (token.includes('.')
      ? verify(trust, token, keys, options.now())
      : options.opaque(trace, trust, { token, hash, address }))
    return isAboutUser(found) ? namedUser(found, await options.grantFacts.read(trace, trust, token, found)) : found
  }
}

type Held = { readonly trace: Trace; readonly token: string; readonly hash: string; readonly address: string }

/**
 * RFC 7515 §2: base64url without padding. The signature covers the text of the other two parts but not its own spelling, and
 * a token spelled in two ways would be two tokens.
 */
function isCompact(token: string): boolean {
  const signature = /^[\w-]+\.[\w-]+\.(?<signature>[\w-]+)$/.exec(token)?.groups?.['signature']
  return signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') === signature
}

async function verify(trust: Trust, token: string, keys: JWTVerifyGetKey, now: Date): Promise<VerifiedToken> {
  if (!isCompact(token)) throw invalidToken()
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: trust.issuer,
      audience: trust.fhirBase,
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'iat', 'sub', 'jti'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: now,
    })
    return readClaims(trust, payload)
  } catch (error) {
    if (isUnreachable(error)) throw notReady("the issuer's keys cannot be fetched now", error)
    throw invalidToken(error instanceof Error ? error : undefined)
  }
}

/** A fetch that failed says nothing about the token; every other failure does. */
const isUnreachable = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  error instanceof TypeError ||
  (error instanceof Error && error.name === 'JOSEError')
