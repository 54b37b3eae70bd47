import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { TraceEntry } from '#src/api/decisions.ts'
import { stepsOf } from '#src/policy/trace.ts'

const entry = (changes: Partial<TraceEntry>): TraceEntry => ({
  record: 'r',
  at: '2026-11-20T12:00:00.000Z',
  activity: 'scope-decided',
  outcome: 'ok',
  source: 'auth-server',
  ...changes,
})

describe('the steps of a launch', () => {
  test('take the records of one decision together, with the sentence of each reason', () => {
    const steps = stepsOf([
      entry({ record: 'a', activity: 'launch-offered' }),
      entry({
        record: 'b',
        moment: 'authorize',
        enforced: true,
        asked: ['patient/Observation.rs'],
        granted: ['patient/Observation.r'],
        withheld: [{ scope: 'patient/Observation.s', code: 'role-not-entitled' }],
        letters: ['patient/Observation.s deny role-not-entitled guard-role,guard-other'],
        reason: { code: 'role-not-entitled', text: { en: 'not for this role' } },
        policy: {
          effect: 'deny',
          rules: ['guard-role'],
          version: 'v',
          would_differ: [{ fact: 'role', text: { en: 'the role physician' } }],
        },
      }),
      entry({ record: 'c', moment: 'authorize', reason: { code: 'permitted', text: null } }),
      entry({ record: 'd' }),
      entry({
        record: 'e',
        activity: 'fhir-refused',
        outcome: 'refused',
        what: { interaction: 'search', type: 'Condition', count: null },
        reason: { code: 'scope-missing', text: { en: 'the token lacks this' } },
      }),
    ])
    assert.deepEqual(
      steps.map(({ key, title }) => [key, title]),
      [
        ['a', 'launch offered'],
        ['b', 'Scopes at authorize'],
        ['e', 'fhir refused: search Condition'],
      ],
    )
    assert.equal(steps[2]?.why, 'the token lacks this, scope-missing')
    assert.deepEqual(steps[1]?.withheld, [
      {
        scope: 'patient/Observation.s',
        code: 'role-not-entitled',
        sentence: 'not for this role',
        remedies: ['the role physician'],
      },
    ])
    assert.deepEqual(steps[1]?.letters, [
      { name: 'patient/Observation.s', effect: 'deny', code: 'role-not-entitled', rules: 'guard-role,guard-other' },
    ])
  })

  test('say where policy is only watched', () => {
    assert.equal(stepsOf([entry({ moment: 'token', letters: [], enforced: false })])[0]?.watched, true)
    assert.equal(stepsOf([entry({ moment: 'token', letters: [], enforced: true })])[0]?.watched, false)
  })
})
