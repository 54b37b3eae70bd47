import { type ClientCredentials, requestToken } from './client-credentials.ts'
import type { Trace } from './trace.ts'

/** A token of our own at one authorization server, asked for again before it expires. */
export type OwnToken = {
  /** Whoever asks while one is asked for waits for the same one. */
  readonly get: (trace: Trace) => Promise<string>
  /** That one was refused: the next to ask gets another. One that was had since then stays. */
  readonly forget: (refused: string) => void
}

type Asked = ClientCredentials & { readonly timeoutMs?: number }
type Held = { readonly asked: Promise<string>; token: string | undefined; until: number }

const RENEW_BEFORE_MS = 30_000

export function createOwnToken({ timeoutMs = 5000, ...credentials }: Asked): OwnToken {
  const now = () => credentials.now().getTime()
  let held: Held | undefined

  async function request(trace: Trace, learn: (token: string, until: number) => void): Promise<string> {
    const { token, expiresInSeconds } = await requestToken(trace, credentials, { timeoutMs })
    learn(token, now() + expiresInSeconds * 1000 - RENEW_BEFORE_MS)
    return token
  }

  return {
    async get(trace) {
      if (held !== undefined && now() < held.until) return held.asked
      // Until the answer is here nobody knows how long it lasts.
      const entry: Held = {
        asked: request(trace, (token, until) => Object.assign(entry, { token, until })),
        token: undefined,
        until: Number.POSITIVE_INFINITY,
      }
      held = entry
      try {
        return await entry.asked
      } catch (error) {
        if (held === entry) held = undefined
        throw error
      }
    },
    forget(refused) {
      if (held?.token === refused) held = undefined
    },
  }
}

/** The same, one for every name that is asked for: a trust, or a scope. */
export function createOwnTokens<Name extends string>(credentialsOf: (name: Name) => Asked): (name: Name) => OwnToken {
  const tokens = new Map<Name, OwnToken>()
  return (name) => {
    const token = tokens.get(name) ?? createOwnToken(credentialsOf(name))
    tokens.set(name, token)
    return token
  }
}
