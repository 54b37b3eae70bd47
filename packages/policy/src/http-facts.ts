import { isProblem } from '@uthopp/smart-core/problem'
import { parseCaseFacts } from './case-facts-wire.ts'
import { readBounded } from './elsewhere/read-bounded.ts'
import { type FactSource, FactsUnavailable } from './facts.ts'

export type HttpFactsOptions = {
  /** Base of the host's facts, without a slash at its end; a tenant's own. */
  readonly address: (tenant: string) => string
  /** A service token for that tenant's facts, fresh enough to use now. */
  readonly bearer: (tenant: string) => Promise<string>
  readonly timeoutMs?: number
  readonly now: () => Date
}

/** Facts whose time is further from ours than this were true at another time than the one we would judge them at. */
const MOST_SKEW_MS = 5000
const LONGEST_ANSWER = 4_000_000

/** The host's facts API, `POST <address>/cases`. An answer that is late, odd or out of time is none. */
export function createHttpFacts({ address, bearer, timeoutMs = 300, now }: HttpFactsOptions): FactSource {
  return {
    read: async (asked, { traceparent, signal }) => {
      const { tenant, user, role, patients } = asked
      const limit = AbortSignal.timeout(timeoutMs)
      const body = await trying(async () => {
        const token = await bearer(tenant)
        const response = await fetch(`${address(tenant)}/cases`, {
          method: 'POST',
          redirect: 'error',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            ...(traceparent === '' ? {} : { traceparent }),
          },
          body: JSON.stringify({ user, role, patients }),
          signal: signal ? AbortSignal.any([limit, signal]) : limit,
        })
        const text = await readBounded(response, LONGEST_ANSWER)
        if (response.status === 404 && isUnknownUser(text)) return undefined
        if (response.status !== 200) throw new FactsUnavailable(`the host answered ${response.status}`)
        return JSON.parse(text) as unknown
      })
      if (body === undefined) return { person: null, patients: new Map(), at: now() }
      const facts = parseCaseFacts(body, asked)
      // The reason names a member; what stood in it stays out of every log.
      if (isProblem(facts)) throw new FactsUnavailable(`the host's facts cannot be read: ${facts.reason}`)
      if (Math.abs(facts.at.getTime() - now().getTime()) > MOST_SKEW_MS)
        throw new FactsUnavailable("the host's clock differs from ours", { code: 'clock-skew' })
      return facts
    },
  }
}

async function trying<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof FactsUnavailable) throw cause
    throw new FactsUnavailable('the host did not answer in time or not at all', { cause })
  }
}

function isUnknownUser(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'error' in body && body.error === 'unknown_user'
  } catch {
    return false
  }
}
