import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import type { DecisionTrace } from '#src/answer.ts'
import { assemble } from '#src/case/assemble.ts'
import { parseTrace, traceOf, traceOfFault } from '#src/case/trace.ts'
import { createEngine, type Engine } from '#src/engine/engine.ts'
import { differencesOf } from '#src/explain/differences.ts'
import { OWN_RULES, readRuleBook, type RuleBook } from '#src/rules/rule-book.ts'
import { CORPUS_TIME, corpus, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'

const book = await readRuleBook(OWN_RULES)
assert.ok(!isProblem(book))

function serving(rules: RuleBook): Engine {
  const engine = createEngine()
  assert.equal(engine.load(rules), undefined)
  return engine
}
const engine = serving(book)

function traced(id: string): DecisionTrace {
  const { ask, facts } = toAsk(named(id))
  const made = assemble(ask, facts, CORPUS_TIME)
  return made.kind === 'case' ? traceOf(ask, made.asked) : traceOfFault(ask, made.code)
}
const facts = (id: string): readonly string[] =>
  differencesOf(traced(id), engine).map(({ fact, wanted }) => `${fact} ${wanted}`)

test('a stored trace is the case it was, after a journey through JSON too', () => {
  for (const row of corpus) {
    const { ask, facts: known } = toAsk(row)
    const made = assemble(ask, known, CORPUS_TIME)
    if (made.kind === 'fault') continue
    const stored = JSON.parse(JSON.stringify(traceOf(ask, made.asked))) as DecisionTrace // what an audit record holds
    assert.deepEqual(parseTrace(stored), made.asked)
  }
})

test('a trace of something else is a problem, not a case', () => {
  const trace = traced('no-relation')
  const odd = [
    { ...trace, action: 'read' },
    { ...trace, action: 'Other::Action::"read"' },
    { ...trace, principal: 'stf101' },
    { ...trace, context: {} },
    { ...trace, context: { ...trace.context, who: { groups: 'physician', attributes: {} } } },
  ]
  for (const each of odd) assert.ok(isProblem(parseTrace(each)))
  assert.ok(isProblem(parseTrace(traced('purpose-missing'))))
})

test('a denial tells which single fact would have made it a permit', () => {
  assert.deepEqual(facts('scope-missing'), ['grants ["Patient.r","Observation.r"]'])
  assert.deepEqual(facts('blocked-record-hides'), ['blocked false'])
  assert.deepEqual(facts('not-employed'), ['employed true'])
  assert.ok(facts('no-relation').includes('inCareTeam true'))
  assert.ok(facts('no-relation').some((fact) => fact.startsWith('care ')))
  assert.ok(facts('team-nurse-not-very-restricted').includes('role physician'))
  assert.deepEqual(facts('issue-unregistered'), ['registered true'])
})

test('nothing is told of a permit, of a question that never became a case, or where two facts stand in the way', () => {
  for (const id of ['team-reads-ordinary', 'purpose-missing', 'delete-never']) assert.deepEqual(facts(id), [])
})

test('every difference told has been tried: with it the rules do permit', () => {
  for (const row of corpus)
    for (const { text } of differencesOf(traced(row.id), engine)) {
      assert.equal(row.expect.effect, 'deny', row.id)
      assert.ok(text.nb.length > 0 && text.en.length > 0)
    }
})
