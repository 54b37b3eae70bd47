import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { Verdict } from '#src/engine/engine.ts'
import type { RuleBook } from '#src/rules/rule-book.ts'
import { BLOCKED } from './reasons.ts'

/** The same case, were it not blocked: whoever would be refused all the same must not learn that there is a block. */
export const unblocked = (asked: CedarCase): CedarCase => ({ ...asked, context: { ...asked.context, blocked: false } })

/** True when rules forbid this for the patient's block and for nothing else. */
export function isHeldByBlock({ effect, rules, fault }: Verdict, { notes }: RuleBook): boolean {
  if (effect === 'permit' || fault !== null) return false
  const forbids = rules.flatMap((id) => notes.get(id) ?? [])
  return forbids.length > 0 && forbids.every(({ reasonCode }) => reasonCode === BLOCKED)
}
