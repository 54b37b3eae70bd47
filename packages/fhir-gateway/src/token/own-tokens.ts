import { requestToken } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import type { Trace } from '@uthopp/server-kit/trace'
import type { Trust } from '#src/trust.ts'

/** What every authorization server knows this gateway as; its keys are at our `/jwks.json`. */
export const GATEWAY_CLIENT = 'gateway'

/** Tokens of our own for one scope, one a trust, asked for again before they expire. */
export type OwnTokens = {
  readonly get: (trace: Trace, trust: Trust) => Promise<string>
  /** The one used was refused; true when another can be had. */
  readonly forget: (trust: Trust, refused: string) => Promise<boolean>
}

const TIMEOUT_MS = 2000
const RENEW_BEFORE_SECONDS = 30

type Held = { readonly token: Promise<string>; renewAt: number }

export function createOwnTokens(options: {
  readonly key: SigningKey
  readonly scope: string
  readonly now: () => Date
}): OwnTokens {
  const held = new Map<string, Held>()

  async function request(trace: Trace, trust: Trust, lasts: (until: number) => void): Promise<string> {
    const asked = { issuer: trust.issuer, clientId: GATEWAY_CLIENT, key: options.key, scope: options.scope }
    const granted = await requestToken(trace, { ...asked, now: () => new Date() }, { timeoutMs: TIMEOUT_MS })
    lasts(options.now().getTime() + (granted.expiresInSeconds - RENEW_BEFORE_SECONDS) * 1000)
    return granted.token
  }

  return {
    async get(trace, trust) {
      const known = held.get(trust.orgnr)
      if (known !== undefined && options.now().getTime() < known.renewAt) return known.token
      // Until the answer is here nobody knows how long it lasts, and everybody waits for the same one.
      const entry: Held = { token: request(trace, trust, (until) => (entry.renewAt = until)), renewAt: Infinity }
      held.set(trust.orgnr, entry)
      try {
        return await entry.token
      } catch (error) {
        if (held.get(trust.orgnr) === entry) held.delete(trust.orgnr)
        throw error
      }
    },
    async forget({ orgnr }, refused) {
      const known = held.get(orgnr)
      if (known === undefined || (await known.token.catch(() => undefined)) !== refused) return false
      if (held.get(orgnr) === known) held.delete(orgnr)
      return true
    },
  }
}
