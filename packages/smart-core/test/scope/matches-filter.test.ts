import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Resource } from '#src/fhir/resource.ts'
import { meetsFilters } from '#src/scope/matches-filter.ts'

const observation: Resource = {
  resourceType: 'Observation',
  status: 'final',
  category: [{ coding: [{ system: 'http://a.example', code: 'laboratory' }, { code: 'local' }] }],
  code: { coding: [{ system: 'http://loinc.org', code: '8867-4' }] },
  identifier: [{ system: 'urn:a', value: '42' }],
  meta: { tag: [{ system: 'urn:t', code: 'x' }] },
}
const encounter: Resource = {
  resourceType: 'Encounter',
  class: { system: 'urn:c', code: 'IMP' },
  status: 'in-progress',
}

describe('a constraint', () => {
  for (const [param, value] of [
    ['category', 'laboratory'],
    ['category', 'http://a.example|laboratory'],
    ['category', 'http://a.example|'],
    ['category', '|local'],
    ['category', 'vital-signs,laboratory'],
    ['code', 'http://loinc.org|8867-4'],
    ['status', 'final'],
    ['identifier', 'urn:a|42'],
    ['_tag', 'urn:t|x'],
  ] as const) {
    test(`${param}=${value} is met by data that shows it`, () => {
      assert.ok(meetsFilters(observation, [[param, value]]))
    })
  }

  for (const [param, value] of [
    ['category', 'vital-signs'],
    ['category', 'http://b.example|laboratory'],
    ['category', '|laboratory'],
    ['category', 'http://a.example|local'],
    ['category', 'LABORATORY'],
    ['category', 'lab'],
    ['category', ','],
    ['category', '|'],
    ['status', 'http://hl7.org/fhir/observation-status|final'],
    ['status', '|final'],
    ['category:not', 'vital-signs'],
    ['code:in', 'http://loinc.org/vs'],
    ['subject.name', 'x'],
    ['date', 'ge2020'],
    ['nothing', 'x'],
    ['__proto__', 'x'],
    ['class', 'IMP'],
  ] as const) {
    test(`${param}=${value} that does not hold, or cannot be checked, is not met (SAL-142)`, () => {
      assert.ok(!meetsFilters(observation, [[param, value]]))
    })
  }

  test('on a Coding or a plain code is checked there', () => {
    assert.ok(
      meetsFilters(encounter, [
        ['class', 'urn:c|IMP'],
        ['status', 'in-progress'],
      ]),
    )
    assert.ok(!meetsFilters(encounter, [['class', 'AMB']]))
  })

  test('beside another one must hold as well (SAL-143)', () => {
    assert.ok(
      meetsFilters(observation, [
        ['category', 'laboratory'],
        ['status', 'final'],
      ]),
    )
    assert.ok(
      !meetsFilters(observation, [
        ['category', 'laboratory'],
        ['status', 'preliminary'],
      ]),
    )
  })

  test('on data of a wrong shape is not met and does no harm', () => {
    for (const category of [
      null,
      7,
      'laboratory-ish',
      [[['laboratory']]],
      { coding: 'laboratory' },
      { coding: [null, 3] },
    ])
      assert.ok(!meetsFilters({ resourceType: 'Observation', category }, [['category', 'laboratory']]))
  })
})
