import { createBreaker } from '#src/breaker.ts'
import type { Ask } from '#src/decision-point.ts'
import { readBounded } from './read-bounded.ts'

/** Asks a decision point in another process, in whatever words it understands. */
export type Caller = {
  /** Undefined for anything that is no answer: late, refused, too long, redirected, no JSON, or to somebody else's question. */
  readonly post: (address: string, body: unknown, first: Ask) => Promise<unknown>
  readonly ready: () => string | undefined
  readonly close: () => Promise<void>
}

const LONGEST_ANSWER = 4_000_000

export function createCaller({
  authorization,
  timeoutMs,
  now,
}: {
  /** A whole `Authorization` header value, fresh enough to use now. */
  readonly authorization: () => Promise<string>
  readonly timeoutMs: number
  readonly now: () => Date
}): Caller {
  const breaker = createBreaker(now)
  const stopped = new AbortController()

  async function answerTo(address: string, body: unknown, { circumstance }: Ask): Promise<unknown> {
    const { correlationId, traceparent } = circumstance
    const response = await fetch(address, {
      method: 'POST',
      redirect: 'error',
      headers: {
        authorization: await authorization(),
        'content-type': 'application/json',
        'x-request-id': correlationId,
        ...(traceparent === '' ? {} : { traceparent }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped.signal]),
    })
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new Error(`answered ${response.status}`)
    }
    const echoed = response.headers.get('x-request-id')
    // An answer to somebody else's question is no answer to ours (AZ-34).
    if (echoed !== null && echoed !== correlationId) throw new Error('answered another request')
    return JSON.parse(await readBounded(response, LONGEST_ANSWER))
  }

  return {
    post: async (address, body, first) => {
      if (!breaker.allows()) return undefined
      try {
        const json = await answerTo(address, body, first)
        breaker.note(true)
        return json
      } catch {
        breaker.note(false)
        return undefined
      }
    },
    ready: () => (breaker.isClosed() ? undefined : 'the decision point does not answer'),
    close: () => {
      stopped.abort()
      return Promise.resolve()
    },
  }
}
