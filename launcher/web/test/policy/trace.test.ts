import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { TraceEntry } from '#src/api/decisions.ts'
import { withGrounds } from '#src/policy/grounds.ts'
import { stepsOf } from '#src/policy/trace.ts'
import { lettersLost } from '#src/policy/withheld.ts'

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
        letters: ['s'],
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

  test('tell of a letter that is never issued, and leave the letters that were granted alone', () => {
    const steps = stepsOf([
      entry({
        moment: 'authorize',
        asked: ['patient/MedicationRequest.cruds'],
        granted: ['patient/MedicationRequest.crus'],
        withheld: [{ scope: 'patient/MedicationRequest.cruds', code: 'verb-not-issued' }],
        letters: ['patient/MedicationRequest.r permit permitted guard-x'],
      }),
    ])
    assert.deepEqual(
      steps[0]?.withheld.map(({ letters, sentence }) => [letters, sentence]),
      [[['d'], 'delete is never issued']],
    )
    assert.deepEqual(
      steps[0]?.letters.map(({ name, effect, rules }) => [name, effect, rules]),
      [
        ['patient/MedicationRequest.r', 'permit', 'guard-x'],
        ['patient/MedicationRequest.d', 'withheld', 'delete is never issued'],
      ],
    )
  })

  test('say which scope a refused request lacked, and nothing of the kind where the scope was there', () => {
    const refused = (type: string) =>
      entry({
        record: type,
        activity: 'fhir-refused',
        outcome: 'refused',
        what: { interaction: 'search-type', type, count: 0 },
      })
    const steps = stepsOf([
      entry({ moment: 'token', letters: [], granted: ['patient/Observation.rs'] }),
      refused('Condition'),
      refused('Observation'),
    ])
    assert.equal(steps[1]?.why, 'no granted scope covers this; patient/Condition.s would')
    assert.match(steps[2]?.why ?? '', /before policy was asked/)
  })

  test('count requests that left the same line', () => {
    const image = (record: string) =>
      entry({
        record,
        activity: 'imaging-access',
        what: { interaction: 'read', type: 'ImagingStudy', count: 1 },
      })
    const steps = stepsOf([image('a'), image('b'), entry({ record: 'c', activity: 'fhir-access' }), image('d')])
    assert.deepEqual(
      steps.map(({ title, times }) => [title, times]),
      [
        ['imaging access: read ImagingStudy', 3],
        ['fhir access', 1],
      ],
    )
  })
})

describe('the letters of a withheld scope', () => {
  for (const [scope, granted, lost] of [
    ['patient/Observation.rs', ['patient/Observation.r'], ['s']],
    ['patient/Observation.rs', ['user/Observation.rs'], ['r', 's']],
    ['patient/Observation.rs', ['patient/*.rs'], []],
    ['patient/Observation.rs', ['patient/Observation.rs?category=laboratory'], ['r', 's']],
    ['patient/Observation.read', [], ['r', 's']],
    ['launch/encounter', [], []],
  ] as const) {
    test(`of ${scope} with ${granted.join(' ') || 'nothing'} granted are ${lost.join('') || 'none'}`, () => {
      assert.deepEqual(lettersLost(scope, granted), lost)
    })
  }
})

test('a code in a sentence stands with its words', () => {
  assert.equal(withGrounds('a live decision BELEGG, or XYZ'), 'a live decision BELEGG (admitted to the unit), or XYZ')
})
