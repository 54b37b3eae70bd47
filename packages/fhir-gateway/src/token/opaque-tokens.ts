import type { JWTPayload } from 'jose'
import type { Trace } from '@uthopp/server-kit/trace'
import { createTokenCache } from '@uthopp/server-kit/token-cache'
import { invalidToken, notReady } from '#src/http/refusals.ts'
import type { JsonObject } from '#src/json.ts'
import type { Trust } from '#src/trust.ts'
import type { Introspect } from './introspection.ts'
import { parseLaunchFacts } from './launch-facts.ts'
import { readClaims, type VerifiedToken } from './read-claims.ts'

/** Asks what an opaque token permits. `hash` is the token's, by which it is remembered. */
export type OpaqueTokens = (trace: Trace, trust: Trust, token: string, hash: string) => Promise<VerifiedToken>

/** As issuers write them: random letters, digits, dashes. Whatever else comes is no token of theirs and is not asked about. */
const SHAPE = /^[\w-]{32,256}$/

/** For so long is a token that was refused not asked about again. */
const REFUSED_FOR_MS = 10_000
const MOST_REFUSED = 10_000

/** So many tokens never seen before are asked about at once, and so many more each second. */
const BURST = 200
const A_SECOND = 100

/**
 * Tokens that say nothing by themselves, introspected at the issuer of the trust.
 *
 * A flood of made-up strings costs the issuer no more than a bounded number of questions a second: one that was refused is
 * refused from memory, equal ones share an answer, and beyond the bound the answer is 503, which is no verdict.
 */
export function createOpaqueTokens(options: {
  readonly introspect: Introspect
  readonly now: () => Date
}): OpaqueTokens {
  const refused = createTokenCache<true>(MOST_REFUSED)
  const asking = new Map<string, Promise<VerifiedToken>>()
  const mayAsk = createBucket()

  async function ask(trace: Trace, trust: Trust, token: string, hash: string): Promise<VerifiedToken> {
    if (!mayAsk()) throw notReady('too many unknown access tokens are presented at once')
    const members = await options.introspect(trace, trust, token)
    try {
      return {
        ...readClaims(trust, requireForUs(trust, members, options.now())),
        grant: parseLaunchFacts(members['grant']),
      }
    } catch (error) {
      refused.put(hash, true, options.now().getTime() + REFUSED_FOR_MS)
      throw error
    }
  }

  return (trace, trust, token, hash) => {
    const key = `${trust.orgnr} ${hash}`
    if (!SHAPE.test(token) || refused.get(key, options.now().getTime())) return Promise.reject(invalidToken())
    const known = asking.get(key)
    if (known !== undefined) return known
    const answer = ask(trace, trust, token, key).finally(() => asking.delete(key))
    asking.set(key, answer)
    return answer
  }
}

/** RFC 7662 §4: the one who asks checks what concerns it. Good elsewhere, for another base or over by now is not good here. */
function requireForUs(trust: Trust, members: JsonObject, now: Date): JWTPayload {
  const { active, aud, iss, exp, iat, jti } = members
  const forUs = aud === trust.fhirBase || (Array.isArray(aud) && aud.includes(trust.fhirBase))
  if (active !== true || !forUs || iss !== trust.issuer) throw invalidToken()
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof jti !== 'string') throw invalidToken()
  if (exp * 1000 <= now.getTime()) throw invalidToken()
  return { ...members, iss, aud: trust.fhirBase, exp, iat, jti }
}

/** A bucket that fills with time. */
function createBucket(): () => boolean {
  let left = BURST
  let filledAt = performance.now()
  return () => {
    const at = performance.now()
    left = Math.min(BURST, left + ((at - filledAt) * A_SECOND) / 1000)
    filledAt = at
    if (left < 1) return false
    left -= 1
    return true
  }
}
