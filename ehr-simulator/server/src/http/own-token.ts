import { requestToken } from '@uthopp/server-kit/client-credentials'
import type { SigningKey } from '@uthopp/server-kit/keys'
import type { Trace } from '@uthopp/server-kit/trace'

/** A token of the host's own at one trust's authorization server, asked for again before it expires. */
export type OwnToken = {
  readonly get: (trace: Trace) => Promise<string>
  /** The one at hand was refused. */
  readonly forget: () => void
}

const TIMEOUT_MS = 2000
const RENEW_BEFORE_MS = 30_000

export function createOwnToken(options: {
  readonly issuer: string
  readonly key: SigningKey
  readonly scope: string
  readonly now: () => Date
}): OwnToken {
  type Held = { readonly token: Promise<string>; until: number }
  let held: Held | undefined

  const request = async (trace: Trace, lasts: (until: number) => void): Promise<string> => {
    const granted = await requestToken(trace, { ...options, clientId: 'host' }, { timeoutMs: TIMEOUT_MS })
    lasts(options.now().getTime() + granted.expiresInSeconds * 1000 - RENEW_BEFORE_MS)
    return granted.token
  }
  return {
    async get(trace) {
      if (held !== undefined && options.now().getTime() < held.until) return held.token
      // Until the answer is here nobody knows how long it lasts, and everybody waits for the same one.
      const asked: Held = { token: request(trace, (until) => (asked.until = until)), until: Infinity }
      held = asked
      try {
        return await asked.token
      } catch (error) {
        if (held === asked) held = undefined
        throw error
      }
    },
    forget: () => {
      held = undefined
    },
  }
}
