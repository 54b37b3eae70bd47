import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer, Obligation } from '#src/answer.ts'
import { performObligations } from '#src/obligations.ts'

const owed = (...types: readonly Obligation['type'][]): readonly Obligation[] =>
  types.map((type) => ({ id: type, type, properties: {} }))
const answer = (effect: 'permit' | 'deny', obligations: readonly Obligation[]): Answer => ({
  effect,
  decisionId: 'd',
  policyVersion: 'v',
  rules: [],
  reasonCode: 'r',
  reasonText: { nb: '', en: '' },
  obligations,
  validUntil: null,
  careDecision: null,
  purpose: null,
  requestable: null,
  trace: { action: '', principal: '', resource: '', context: {} },
})

test('all obligations of a permit are performed, the record first', async () => {
  const done: string[] = []
  const note = ({ type }: Obligation): Promise<void> => Promise.resolve(void done.push(type))
  const performed = await performObligations(answer('permit', owed('max-age', 'banner', 'audit')), {
    audit: note,
    'max-age': note,
    banner: note,
  })
  assert.deepEqual([performed.kind, done], ['done', ['audit', 'max-age', 'banner']])
})

test('a permit with an obligation that cannot be performed is a deny, and nothing of it is performed', async () => {
  const done: string[] = []
  const performed = await performObligations(answer('permit', owed('audit', 'mask')), {
    audit: () => Promise.resolve(void done.push('audit')),
  })
  assert.deepEqual([performed, done], [{ kind: 'failed', type: 'mask' }, []])
})

test('a permit whose record cannot be written is a deny, and no data leave', async () => {
  const done: string[] = []
  const performed = await performObligations(answer('permit', owed('audit', 'max-age')), {
    audit: () => Promise.reject(new Error('disk full')),
    'max-age': () => Promise.resolve(void done.push('max-age')),
  })
  assert.deepEqual([performed.kind, done], ['failed', []])
})

test('of a deny, what is understood is performed all the same', async () => {
  const done: string[] = []
  const performed = await performObligations(answer('deny', owed('mask', 'audit')), {
    audit: () => Promise.resolve(void done.push('audit')),
  })
  assert.deepEqual([performed, done], [{ kind: 'failed', type: 'mask' }, ['audit']])
})
