import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { createEngine } from '#src/engine/engine.ts'
import { OWN_RULES, readRuleBook } from '#src/rules/rule-book.ts'
import { belts } from './belts.ts'

const book = await readRuleBook(OWN_RULES)
assert.ok(!isProblem(book))
const engine = createEngine()
assert.equal(engine.load(book), undefined)

for (const { id, asked, effect, rules } of belts)
  test(`the rules themselves answer ${effect} to ${id}`, () => {
    const verdict = engine.evaluate(asked)
    assert.deepEqual([verdict.effect, verdict.rules, verdict.fault], [effect, rules, null])
  })
