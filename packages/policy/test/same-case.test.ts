import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Answer } from '#src/answer.ts'
import { assemble } from '#src/case/assemble.ts'
import { isSameCase } from '#src/case/same-case.ts'
import type { Ask } from '#src/decision-point.ts'
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import type { AskedResource } from '#src/question.ts'
import { corpus, CORPUS_TIME, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'
import { changingSource } from './source-of.ts'

const source = changingSource()
const point = createDecisionPoint({ facts: source, rules: OWN_RULES, now: () => CORPUS_TIME, log: () => {} })
after(() => point.close())

const about = (ask: Ask, change: Partial<AskedResource>): Ask => {
  assert.ok('resource' in ask.question)
  return { ...ask, question: { ...ask.question, resource: { ...ask.question.resource, ...change } } }
}
const told = (answer: Answer): Answer => ({ ...answer, decisionId: '' })

test('every row of a batch is answered as it is alone, whoever stands beside it', async () => {
  let shared = 0
  for (const row of corpus) {
    const { ask, facts } = toAsk(row)
    if (!('resource' in ask.question)) continue
    source.facts = facts
    const { id, type, patient, units } = ask.question.resource
    const blocks = patient === null ? [] : (facts.patients.get(patient)?.blocks ?? [])
    const lifted = [...facts.patients.values()].flatMap(({ decisions }) => decisions.flatMap(({ items }) => items))
    const names = [...lifted, ...blocks.map(({ target }) => target)].map((target) => target.split('/').at(-1) ?? '')
    const rows = [
      ask,
      ...['another', ...new Set(names), '', 'not/an id', id ?? 'third', 'last'].map((name) => about(ask, { id: name })),
      about(ask, { id: null }),
      about(ask, { id: 'x', units: [...units, 'unit-of-somebody'] }),
      about(ask, { id: 'y', labels: ['urn:oid:2.16.578.1.12.4.1.1.9603|NORS'] }),
      about(ask, { id: 'z', authors: ['stf999'] }),
      about(ask, { id: 'o', patient: 'pas2' }),
      about(ask, { id: 'p', type: type === 'Goal' ? 'Condition' : 'Goal' }),
      about(ask, { id: 'q' }),
    ]
    const together = await point.decideAll(rows)
    for (const [index, each] of rows.entries()) {
      // In an object of its own, so that nothing of a neighbour can be known of it.
      const alone = await point.decide({ ...each, circumstance: { ...each.circumstance } })
      const answer = together[index]
      assert.ok(answer)
      assert.deepEqual(told(answer), told(alone), `${row.id}, row ${index}`)
      const made = assemble(rows[0] ?? each, facts, CORPUS_TIME)
      if (made.kind === 'case' && isSameCase(each, { ask: rows[0] ?? each, made }, facts)) shared += 1
    }
    assert.equal(new Set(together.map(({ decisionId }) => decisionId)).size, rows.length)
  }
  assert.ok(shared > 500, `${shared} rows were spared`)
})

test('a row is no neighbour’s case where names tell them apart, or who asks or how is another object', () => {
  const { ask, facts } = toAsk(named('team-reads-unlabelled'))
  const made = assemble(ask, facts, CORPUS_TIME)
  assert.equal(made.kind, 'case')
  if (made.kind !== 'case') return
  const same = (other: Ask, known = facts): boolean => isSameCase(other, { ask, made }, known)
  assert.equal(same(about(ask, { id: 'b' })), true)
  assert.equal(same(about(ask, { id: null })), false)
  assert.equal(same(about(ask, { id: 'not/an id' })), false)
  assert.equal(same({ ...about(ask, { id: 'b' }), subject: { ...ask.subject } }), false)
  assert.equal(same({ ...about(ask, { id: 'b' }), circumstance: { ...ask.circumstance } }), false)
  for (const change of [{ type: 'Goal' }, { patient: null }, { labels: ['a|b'] }, { units: ['u'] }, { authors: ['a'] }])
    assert.equal(same(about(ask, { id: 'b', ...change })), false, JSON.stringify(change))
  const [patient] = facts.patients.values()
  assert.ok(patient)
  const blocked = { ...patient, blocks: [{ id: 's1', kind: 'document', target: 'Observation/b' }] } as const
  assert.equal(same(about(ask, { id: 'b' }), { ...facts, patients: new Map([[patient.patient, blocked]]) }), false)
})
