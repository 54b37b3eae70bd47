import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Answer } from '#src/answer.ts'
import type { DecisionPoint } from '#src/decision-point.ts'
import type { FactSource } from '#src/facts.ts'
import { type CorpusCase, corpus, toAsk } from './corpus.ts'
import { changingSource } from './source-of.ts'

export type Opened = { readonly point: DecisionPoint; readonly close: () => Promise<void> }

const summary = (answer: Answer): Omit<CorpusCase['expect'], never> => ({
  effect: answer.effect,
  reason: answer.reasonCode,
  rules: answer.rules,
  obligations: answer.obligations.map(({ id }) => id),
  requestable: answer.requestable ? `${answer.requestable.kind}: ${answer.requestable.templates.join(' ')}` : null,
  until: answer.validUntil?.toISOString() ?? null,
})

/** What every decision point promises, wherever it decides. */
export function decisionPointContract(kind: string, open: (facts: FactSource) => Promise<Opened>): void {
  describe(`a decision point ${kind}`, () => {
    const source = changingSource()
    let opened: Opened
    before(async () => {
      opened = await open(source)
    })
    after(() => opened.close())

    for (const row of corpus) {
      test(`${row.expect.effect === 'permit' ? 'permits' : 'denies'} ${row.id}`, async () => {
        const { ask, facts } = toAsk(row)
        source.facts = facts
        assert.deepEqual(summary(await opened.point.decide(ask)), row.expect)
      })
    }

    test('answers a batch in the order asked, each decision with an id of its own', async () => {
      const row = named('team-reads-unlabelled')
      const { ask, facts } = toAsk(row)
      source.facts = facts
      const { question } = ask
      assert.ok('resource' in question)
      const asks = ['a', 'b', 'c'].map((id) => ({
        ...ask,
        question: { ...question, resource: { ...question.resource, id } },
      }))
      const answers = await opened.point.decideAll(asks)
      assert.deepEqual(
        answers.map(({ trace }) => trace.resource),
        ['Observation/a', 'Observation/b', 'Observation/c'],
      )
      assert.equal(new Set(answers.map(({ decisionId }) => decisionId)).size, 3)
      assert.deepEqual(
        answers.map(({ effect }) => effect),
        ['permit', 'permit', 'permit'],
      )
    })

    test('stops early where the semantics say so, and answers fewer than asked', async () => {
      const { ask, facts } = toAsk(named('team-reads-unlabelled'))
      source.facts = facts
      const denied = { ...ask, circumstance: { ...ask.circumstance, grants: [] } }
      const effects = async (semantics: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit') =>
        (await opened.point.decideAll([ask, denied, ask], semantics)).map(({ effect }) => effect)
      assert.deepEqual(await effects('execute_all'), ['permit', 'deny', 'permit'])
      assert.deepEqual(await effects('deny_on_first_deny'), ['permit', 'deny'])
      assert.deepEqual(await effects('permit_on_first_permit'), ['permit'])
    })

    test('denies when the facts cannot be had, and says so', async () => {
      const { ask } = toAsk(named('team-reads-unlabelled'))
      source.facts = undefined
      const answer = await opened.point.decide(ask)
      assert.deepEqual([answer.effect, answer.reasonCode], ['deny', 'facts-unavailable'])
    })

    test('answers nothing to an empty batch', async () => {
      assert.deepEqual(await opened.point.decideAll([]), [])
    })

    test('is ready', () => {
      assert.equal(opened.point.ready(), undefined)
    })
  })
}

export function named(id: string): CorpusCase {
  const row = corpus.find((each) => each.id === id)
  assert.ok(row, id)
  return row
}
