import { createBreaker } from '#src/breaker.ts'
import type { Ask } from '#src/decision-point.ts'
import { readBounded } from './read-bounded.ts'

/** Asks a decision point in another process, in whatever words it understands. */
export type Caller = {
  /**
   * Undefined for anything that is no answer: late, refused, too long, redirected, no JSON, or to somebody else's question;
   * and for what is too long to be read, which is not sent.
   */
  readonly post: (address: string, json: string, first: Ask) => Promise<unknown>
  readonly ready: () => string | undefined
  readonly close: () => Promise<void>
}

const LONGEST_ANSWER = 4_000_000

/** What a decision point is asked with. */
export type Proof = {
  /** A whole `Authorization` header value, fresh enough to use now. */
  readonly authorization: () => Promise<string>
  /** That value was refused. Absent: no other can be had, so there is no use in asking again. */
  readonly forget?: ((refused: string) => void) | undefined
}

/** What is said of whoever asks, or of the moment, and not of the question. */
const OF_NO_QUESTION: ReadonlySet<number> = new Set([401, 408, 429])

/**
 * Only what says that nobody could be answered now counts against a decision point: no connection, no answer in time, a 5xx,
 * an answer that cannot be read, no token for it or none that it takes, too many questions. Any other refusal is an answer to
 * this one question; if it counted, one client's questions would deny everybody else's.
 */
export function createCaller({
  authorization,
  forget,
  mostBytes,
  timeoutMs,
  now,
}: Proof & {
  /** As long as a body may be where it is read. */
  readonly mostBytes: number
  readonly timeoutMs: number
  readonly now: () => Date
}): Caller {
  const breaker = createBreaker(now)
  const stopped = new AbortController()

  async function answerTo(address: string, json: string, { circumstance }: Ask): Promise<unknown> {
    const { correlationId, traceparent } = circumstance
    const limit = AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped.signal])
    const ask = async (proof: string): Promise<Response> =>
      fetch(address, {
        method: 'POST',
        redirect: 'error',
        headers: {
          authorization: proof,
          'content-type': 'application/json',
          'x-request-id': correlationId,
          ...(traceparent === '' ? {} : { traceparent }),
        },
        body: json,
        signal: limit,
      })
    const proof = await within(limit, authorization())
    let response = await ask(proof)
    // What proves us may have died before its time; another that is refused too says so for good.
    if (response.status === 401 && forget !== undefined) {
      await response.body?.cancel()
      forget(proof)
      response = await ask(await within(limit, authorization()))
    }
    if (response.status !== 200) {
      await response.body?.cancel()
      if (response.status >= 400 && response.status < 500 && !OF_NO_QUESTION.has(response.status)) return undefined
      throw new Error(`answered ${response.status}`)
    }
    const echoed = response.headers.get('x-request-id')
    // An answer to somebody else's question is no answer to ours (AZ-34).
    if (echoed !== null && echoed !== correlationId) throw new Error('answered another request')
    return JSON.parse(await readBounded(response, LONGEST_ANSWER))
  }

  return {
    post: async (address, json, first) => {
      // Whoever is sent too much hangs up, and that would look like somebody who is not there.
      if (Buffer.byteLength(json) > mostBytes || !breaker.allows()) return undefined
      try {
        const answer = await answerTo(address, json, first)
        breaker.note(true)
        return answer
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

/** What is under way goes on for whoever else waits for it; nobody here does once the limit is reached. */
async function within<T>(limit: AbortSignal, work: Promise<T>): Promise<T> {
  limit.throwIfAborted()
  const { promise: reached, reject } = Promise.withResolvers<never>()
  limit.addEventListener('abort', () => reject(limit.reason), { once: true })
  return await Promise.race([work, reached])
}
