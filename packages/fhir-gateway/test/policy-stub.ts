import { randomUUID } from 'node:crypto'
import type { Answer } from '@uthopp/policy/answer'
import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import type { Blockable } from '@uthopp/policy/in-process'
import type { Deciding } from '#src/policy/policy-desk.ts'

/** What a test answers to a question; nothing is a permit. */
export type Says = (ask: Ask) => Partial<Answer> | undefined

export const answerOf = (said: Partial<Answer> = {}): Answer => ({
  effect: said.reasonCode === undefined ? 'permit' : 'deny',
  decisionId: randomUUID(),
  policyVersion: 'of-the-tests',
  rules: [],
  reasonCode: 'care-relation',
  reasonText: { nb: 'Setningen.', en: 'the sentence' },
  obligations: [],
  validUntil: null,
  careDecision: null,
  purpose: 'TREAT',
  requestable: null,
  trace: { action: 'read', principal: 'of the tests', resource: 'of the tests', context: {} },
  ...said,
})

/** A decision point that says what a test tells it to, and remembers what it was asked. */
export type PolicyStub = Deciding & {
  says: Says
  /** Where blocks have to be looked for. */
  places: Blockable
  /** No answer comes sooner than this has. */
  until: Promise<unknown> | undefined
  /** Changes with what the answers stand on; undefined, nobody can say whether it did. */
  mark: string | undefined
  readonly asked: Ask[]
  readonly batches: number[]
}

export function policyStub(): PolicyStub {
  const asked: Ask[] = []
  const batches: number[] = []
  const decideAll: DecisionPoint['decideAll'] = async (asks) => {
    asked.push(...asks)
    batches.push(asks.length)
    await stub.until
    return asks.map((ask) => answerOf(stub.says(ask)))
  }
  const stub: PolicyStub = {
    says: () => undefined,
    places: 'anything',
    blockable: () => Promise.resolve(stub.places),
    until: undefined,
    mark: undefined,
    markOf: () => stub.mark,
    asked,
    batches,
    point: {
      decide: async (ask) => (await decideAll([ask]))[0] ?? answerOf({ reasonCode: 'nothing' }),
      decideAll,
      ready: () => undefined,
      close: () => Promise.resolve(),
    },
    start: () => undefined,
    warnings: () => [],
    close: () => Promise.resolve(),
  }
  return stub
}
