import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { isProblem } from '@uthopp/smart-core/problem'
import type { CedarCase } from '#src/engine/cedar-case.ts'
import { createEngine } from '#src/engine/engine.ts'
import { readRuleBook } from '#src/rules/rule-book.ts'

// The world of the AuthZEN certification scenario (AZ-43), a policy set that has nothing to do with health care.
const book = await readRuleBook(fileURLToPath(new URL('./certification', import.meta.url)))
assert.ok(!isProblem(book), JSON.stringify(book))
const engine = createEngine()
assert.equal(engine.load(book), undefined)

type Evaluation = {
  readonly subject: { readonly type: 'user'; readonly id: string; readonly properties?: { readonly role?: string } }
  readonly action: { readonly name: string; readonly properties?: { readonly soft?: boolean } }
  readonly resource: { readonly type: 'record'; readonly id: string; readonly properties: { readonly status: string } }
}

const caseOf = ({ subject, action, resource }: Evaluation): CedarCase => ({
  namespace: 'Cert',
  action: action.name,
  principal: { type: 'Cert::User', id: subject.id },
  groups: [],
  attributes: {},
  resource: { type: 'Cert::Record', id: resource.id },
  context: { ...resource.properties, ...subject.properties, ...action.properties },
})

const record = (id: 'record-1' | 'record-2'): Evaluation['resource'] => ({
  type: 'record',
  id,
  properties: { status: id === 'record-1' ? 'active' : 'archived' },
})
const user = (id: string, role?: string): Evaluation['subject'] => ({
  type: 'user',
  id,
  ...(role === undefined ? {} : { properties: { role } }),
})

const SCENARIO: readonly (readonly [Evaluation, decision: boolean])[] = [
  [{ subject: user('alice'), action: { name: 'read' }, resource: record('record-1') }, true],
  [{ subject: user('alice'), action: { name: 'write' }, resource: record('record-1') }, true],
  [{ subject: user('alice'), action: { name: 'write' }, resource: record('record-2') }, false],
  [{ subject: user('bob'), action: { name: 'read' }, resource: record('record-1') }, true],
  [{ subject: user('bob'), action: { name: 'write' }, resource: record('record-1') }, false],
  [{ subject: user('bob', 'admin'), action: { name: 'write' }, resource: record('record-2') }, true],
  [
    { subject: user('alice'), action: { name: 'delete', properties: { soft: true } }, resource: record('record-1') },
    true,
  ],
  [
    { subject: user('alice'), action: { name: 'delete', properties: { soft: false } }, resource: record('record-1') },
    false,
  ],
  [{ subject: user('alice'), action: { name: 'delete' }, resource: record('record-1') }, false],
  [{ subject: user('mallory'), action: { name: 'read' }, resource: record('record-1') }, false],
]

for (const [evaluation, decision] of SCENARIO) {
  const { subject, action, resource } = evaluation
  const words = [
    subject.id,
    JSON.stringify(subject.properties ?? {}),
    action.name,
    JSON.stringify(action.properties ?? {}),
    resource.id,
  ]
  test(`the certification scenario: ${words.join(' ')} is ${decision}, and again`, () => {
    for (let time = 0; time < 2; time += 1) {
      const verdict = engine.evaluate(caseOf(evaluation))
      assert.deepEqual([verdict.effect === 'permit', verdict.fault], [decision, null])
    }
  })
}

test('an action the certification world has no word for is denied', () => {
  const [first] = SCENARIO
  assert.ok(first)
  assert.equal(engine.evaluate({ ...caseOf(first[0]), action: 'burn' }).effect, 'deny')
})
