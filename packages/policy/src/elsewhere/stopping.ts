import type { Answer } from '#src/answer.ts'
import type { Semantics } from '#src/decision-point.ts'

/** True when an answer settles the whole batch, so that the rest need not be asked. */
export const stops = (semantics: Semantics, last: Answer | undefined): boolean =>
  (semantics === 'deny_on_first_deny' && last?.effect === 'deny') ||
  (semantics === 'permit_on_first_permit' && last?.effect === 'permit')

/** A decision point that goes on after the first must not be believed beyond it. */
export function stopAfterFirst(answers: readonly Answer[], semantics: Semantics): readonly Answer[] {
  const at = answers.findIndex((answer) => stops(semantics, answer))
  return at < 0 ? answers : answers.slice(0, at + 1)
}
