import type { Answer } from '@uthopp/policy/answer'
import type { MemberVerdict } from '@uthopp/smart-core/scope/rejoin'

/** What can be done about an answer here: writing it down, and letting the token end in time. */
const PERFORMED: ReadonlySet<string> = new Set(['audit', 'max-age'])

const UNKNOWN_OBLIGATION: MemberVerdict = {
  effect: 'deny',
  code: 'obligation-unknown',
  reason: 'this is granted only under an obligation that cannot be met here',
  rules: [],
}

/** A member nobody answered for is nobody's. */
const UNANSWERED: MemberVerdict = {
  effect: 'deny',
  code: 'pdp-unavailable',
  reason: 'nobody decided about this scope',
  rules: [],
}

/** What an answer means for the letter it is about; a permit under an obligation we cannot meet is none (AZ-46). */
export function verdictOf(answer: Answer | undefined): MemberVerdict {
  if (answer === undefined) return UNANSWERED
  if (answer.effect === 'permit')
    return answer.obligations.every(({ type }) => PERFORMED.has(type)) ? { effect: 'permit' } : UNKNOWN_OBLIGATION
  return { effect: 'deny', code: answer.reasonCode, reason: answer.reasonText.en, rules: answer.rules }
}

/** When the first of the facts behind these permits ends; null when none of them ends by itself. */
export function endOf(answers: readonly Answer[], now: Date): Date | null {
  const ends = answers.flatMap(({ effect, validUntil, obligations }) => {
    if (effect !== 'permit') return []
    const ages = obligations.flatMap(({ type, properties: { seconds } }) =>
      type === 'max-age' ? [now.getTime() + (typeof seconds === 'number' && seconds > 0 ? seconds : 0) * 1000] : [],
    )
    return validUntil === null ? ages : [validUntil.getTime(), ...ages]
  })
  return ends.length === 0 ? null : new Date(Math.min(...ends))
}
