import type { Answer } from '@uthopp/policy/answer'
import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'

export const PERMITTED: Answer = {
  effect: 'permit',
  decisionId: 'decision-1',
  policyVersion: 'book-1',
  rules: ['issue-read'],
  reasonCode: 'permitted',
  reasonText: { nb: 'Tilgang gitt.', en: 'access is permitted' },
  obligations: [],
  validUntil: null,
  careDecision: null,
  purpose: 'TREAT',
  requestable: null,
  trace: { action: 'grantScope', principal: 'Clinician::"stf101"', resource: 'ScopeAsk::"x"', context: {} },
}

export const denied = (reasonCode: string, changes: Partial<Answer> = {}): Answer => ({
  ...PERMITTED,
  effect: 'deny',
  rules: [`rule-${reasonCode}`],
  reasonCode,
  reasonText: { nb: `Avslått: ${reasonCode}.`, en: `this is refused by ${reasonCode}` },
  ...changes,
})

/** `patient/Observation.r`, a word, or the name of the action. */
export function nameOfAsk({ question }: Ask): string {
  if (question.action !== 'grantScope') return question.action
  const { scope } = question
  return 'other' in scope ? scope.other : `${scope.level}/${scope.type}.${scope.letter}`
}

export type InTestPoint = Omit<DecisionPoint, 'decideAll'> & {
  decideAll: DecisionPoint['decideAll']
  /** Answers from now on; undefined permits. */
  answer: (ask: Ask) => Answer | undefined
  readonly asked: Ask[]
  /** How many calls it took. */
  calls: number
}

/** A decision point that says what a test wants, and remembers what it was asked. */
export function createInTestPoint(): InTestPoint {
  const point: InTestPoint = {
    answer: () => undefined,
    asked: [],
    calls: 0,
    decide: async (ask) => (await point.decideAll([ask]))[0] ?? PERMITTED,
    async decideAll(asks) {
      point.calls += 1
      point.asked.push(...asks)
      return asks.map((ask) => point.answer(ask) ?? PERMITTED)
    },
    close: async () => undefined,
    ready: () => undefined,
  }
  return point
}
