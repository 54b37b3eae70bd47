import type { Answer, Obligation } from '#src/answer.ts'
import { MAX_AGE_SECONDS } from '#src/answer/obligations-of.ts'

/** Remembers permits of equal cases for as long as one may be acted on; denials never. */
export type PermitCache = {
  readonly find: (key: string, at: Date) => Answer | undefined
  readonly keep: (key: string, answer: Answer, at: Date) => void
}

const MOST = 10_000

export function createPermitCache(): PermitCache {
  const kept = new Map<string, { readonly answer: Answer; readonly until: number }>()
  return {
    find: (key, at) => {
      const found = kept.get(key)
      if (found === undefined) return undefined
      // A clock that was set back makes everything look fresh.
      const left = found.until - at.getTime()
      if (left <= 0 || left > MAX_AGE_SECONDS * 1000) {
        kept.delete(key)
        return undefined
      }
      return { ...found.answer, obligations: found.answer.obligations.map((each) => withAge(each, left)) }
    },
    keep: (key, answer, at) => {
      if (answer.effect !== 'permit') return
      const limit = at.getTime() + MAX_AGE_SECONDS * 1000
      const until = Math.min(limit, answer.validUntil?.getTime() ?? limit)
      const [oldest] = kept.keys()
      if (kept.size >= MOST && oldest !== undefined) kept.delete(oldest)
      kept.set(key, { answer, until })
    },
  }
}

/** Whoever keeps the answer in turn counts from now, so only what is left of its time may be passed on (AZ-40). */
const withAge = (obligation: Obligation, left: number): Obligation =>
  obligation.type === 'max-age'
    ? { ...obligation, properties: { ...obligation.properties, seconds: Math.floor(left / 1000) } }
    : obligation
