import { randomUUID } from 'node:crypto'
import type { Answer } from '@uthopp/policy/answer'
import type { DecisionPoint } from '@uthopp/policy/decision-point'

const MISSING = 'rule-book-missing'

/** Who is asked where no rule book is: nothing is permitted, and everybody is told why. */
export function decisionPointWithoutRuleBook(): DecisionPoint {
  const answer = (): Answer => ({
    effect: 'deny',
    decisionId: randomUUID(),
    policyVersion: 'none',
    rules: [],
    reasonCode: MISSING,
    reasonText: { nb: 'Regelboken mangler.', en: 'there is no rule book' },
    obligations: [],
    validUntil: null,
    careDecision: null,
    purpose: null,
    requestable: null,
    trace: { action: '', principal: '', resource: '', context: {} },
  })
  return {
    decide: async () => answer(),
    decideAll: async (asks) => asks.map(answer),
    close: async () => undefined,
    ready: () => MISSING,
  }
}
