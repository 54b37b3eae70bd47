import { randomUUID } from 'node:crypto'
import type { Answer } from '@uthopp/policy/answer'
import type { DecisionPoint } from '@uthopp/policy/decision-point'
import { FactsUnavailable } from '@uthopp/policy/facts'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import type { OpenedPolicy } from './open-policy.ts'

const MISSING = 'rule-book-missing'

function decisionPointWithoutRuleBook(): DecisionPoint {
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

/** Who is asked where no rule book is: nothing is permitted, and everybody is told why. */
export const policyWithoutRuleBook = (): OpenedPolicy => ({
  point: decisionPointWithoutRuleBook(),
  facts: { read: () => Promise.reject(new FactsUnavailable('nobody is asked')) },
  rules: OWN_RULES,
})
