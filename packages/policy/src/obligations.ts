import type { Answer, Obligation, ObligationType } from './answer.ts'

/** How an enforcement point performs one kind of obligation; resolving means it is done. */
export type Performers = { readonly [T in ObligationType]?: (obligation: Obligation, answer: Answer) => Promise<void> }

/** The answer may be acted on, or why not. */
export type Performed =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly type: string; readonly cause?: unknown }

/**
 * Performs all that was asked, or says that the permit must be treated as a deny (AZ-46).
 *
 * On a permit nothing is performed before everything is known to be possible, and the record comes first: no log, no data.
 * On a deny whatever is understood is performed.
 */
export async function performObligations(answer: Answer, performers: Performers): Promise<Performed> {
  const unknown = answer.obligations.find(({ type }) => performers[type] === undefined)
  if (unknown && answer.effect === 'permit') return { kind: 'failed', type: unknown.type }
  let failed: Performed = unknown ? { kind: 'failed', type: unknown.type } : { kind: 'done' }
  const ordered = answer.obligations.toSorted(
    (one, other) => (one.type === 'audit' ? 0 : 1) - (other.type === 'audit' ? 0 : 1),
  )
  for (const obligation of ordered) {
    try {
      await performers[obligation.type]?.(obligation, answer)
    } catch (cause) {
      failed = { kind: 'failed', type: obligation.type, cause }
      if (answer.effect === 'permit') return failed
    }
  }
  return failed
}
