import type { Answer } from './answer.ts'
import type { Circumstance, Question, Subject } from './question.ts'

export type Ask = { readonly subject: Subject; readonly circumstance: Circumstance; readonly question: Question }

/** AuthZEN 1.0, "Access Evaluations": the last two stop at the first deny or permit, and answer fewer than asked. */
export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const
export type Semantics = (typeof SEMANTICS)[number]

/** Who is asked. Never throws: trouble is a deny with a code of its own. */
export type DecisionPoint = {
  readonly decide: (ask: Ask) => Promise<Answer>
  /** Asks of one subject in one circumstance load their facts once. */
  readonly decideAll: (asks: readonly Ask[], semantics?: Semantics) => Promise<readonly Answer[]>
  readonly close: () => Promise<void>
  /** Undefined when ready, else what is missing. */
  readonly ready: () => string | undefined
}
