import type { JWTPayload } from 'jose'
import type { Trace } from '@uthopp/server-kit/trace'
import { createTokenCache } from '@uthopp/server-kit/token-cache'
import { invalidToken, notReady, tooManyGuesses } from '#src/http/refusals.ts'
import type { JsonObject } from '#src/json.ts'
import type { Trust } from '#src/trust.ts'
import { createGuesses } from './guesses.ts'
import type { Introspect } from './introspection.ts'
import { parseLaunchFacts } from './launch-facts.ts'
import { readClaims, type VerifiedToken } from './read-claims.ts'

/** A token as it was presented. */
type Presented = {
  readonly token: string
  /** By which it is remembered. */
  readonly hash: string
  /** Where the caller is. */
  readonly address: string
}

/** Asks what an opaque token permits. */
export type OpaqueTokens = (trace: Trace, trust: Trust, presented: Presented) => Promise<VerifiedToken>

/** As issuers write them: random letters, digits, dashes. Whatever else comes is no token of theirs and is not asked about. */
const SHAPE = /^[\w-]{32,256}$/

/** For so long is a token that was refused not asked about again. */
const REFUSED_FOR_MS = 10_000
const MOST_REFUSED = 10_000

/** So many tokens that turn out to be none may come from one address to one trust, and so many more each second. */
const GUESSES_OF_A_CALLER = { burst: 50, aSecond: 10 }
/** The same from all addresses: what the issuer of a trust is bothered with. */
const GUESSES_AT_A_TRUST = { burst: 500, aSecond: 100 }

/**
 * Tokens that say nothing by themselves, introspected at the issuer of the trust.
 *
 * A flood of made-up strings costs the issuer no more than a bounded number of questions a second: one that was refused is
 * refused from memory, equal ones share an answer, and whoever guesses too often hears 429. Good tokens cost nobody anything,
 * and one that is remembered is not asked about at all.
 */
export function createOpaqueTokens(options: {
  readonly introspect: Introspect
  readonly now: () => Date
}): OpaqueTokens {
  const refused = createTokenCache<true>(MOST_REFUSED)
  const asking = new Map<string, Promise<VerifiedToken>>()
  const ticks = () => performance.now()
  const ofCallers = createGuesses({ ...GUESSES_OF_A_CALLER, ticks })
  const atTrusts = createGuesses({ ...GUESSES_AT_A_TRUST, ticks })

  async function ask(
    trace: Trace,
    trust: Trust,
    { token, hash, address }: Presented,
    key: string,
  ): Promise<VerifiedToken> {
    const caller = `${trust.orgnr} ${address}`
    const wait = ofCallers.take(caller)
    if (wait !== undefined) throw tooManyGuesses(wait)
    if (atTrusts.take(trust.orgnr) !== undefined) throw notReady('too many unknown access tokens are presented at once')
    const members = await options.introspect(trace, trust, token)
    try {
      // An issuer may call a token by itself; what is logged and kept never does.
      const named = members['jti'] === token ? { ...members, jti: hash } : members
      const verified = readClaims(trust, requireForUs(trust, named, options.now()))
      ofCallers.giveBack(caller)
      atTrusts.giveBack(trust.orgnr)
      return { ...verified, grant: parseLaunchFacts(members['grant']) }
    } catch (error) {
      refused.put(key, true, options.now().getTime() + REFUSED_FOR_MS)
      throw error
    }
  }

  return (trace, trust, presented) => {
    const { token, hash } = presented
    const key = `${trust.orgnr} ${hash}`
    if (!SHAPE.test(token) || refused.get(key, options.now().getTime())) return Promise.reject(invalidToken())
    const known = asking.get(key)
    if (known !== undefined) return known
    const answer = ask(trace, trust, presented, key).finally(() => asking.delete(key))
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
