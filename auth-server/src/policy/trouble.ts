import type { Answer } from '@uthopp/policy/answer'

/** Denials that speak of us and not of the case: nobody was told no, so nobody is told so. */
const TROUBLES: ReadonlySet<string> = new Set([
  'facts-unavailable',
  'pdp-unavailable',
  'rule-book-missing',
  'clock-skew',
])

/** The code of what keeps the decision point from deciding; undefined when it decided. */
export const troubleIn = (answers: readonly Answer[]): string | undefined =>
  answers.find(({ effect, reasonCode }) => effect === 'deny' && TROUBLES.has(reasonCode))?.reasonCode
