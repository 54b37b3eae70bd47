import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatAge, formatPatientLine, formatPatientNumber, formatRole } from '#src/format/patient-line.ts'

const NOW = new Date('2026-11-20T10:00:00Z')
const BERG = {
  id: 'cdp1001',
  family: 'Berg',
  given: 'Solveig',
  birthDate: '1943-05-19',
  gender: 'female',
  number: { kind: 'fnr', value: '19854349034' },
  hasAllergy: true,
  hasCriticalInfo: false,
} as const

describe('the patient line', () => {
  test('names a person the way the ward reads it', () => {
    assert.equal(formatPatientLine(BERG, NOW), 'BERG, Solveig 198543 49034 – 83 år – Kvinne')
  })

  test('shows the number unchanged: one with the birth date put in would be somebody else’s', () => {
    assert.equal(formatPatientNumber(BERG), '198543 49034')
  })

  test('shows a help number whole, because it says nothing of birth', () => {
    assert.equal(formatPatientNumber({ number: { kind: 'fhn', value: '80000001205' } }), '80000001205')
  })

  test('says that an unknown person has no number', () => {
    assert.equal(formatPatientNumber({ number: null }), 'uten nummer')
  })

  const ages = [
    ['2000-11-20', '26 år'],
    ['2000-11-21', '25 år'],
    ['2026-02-21', '8 mnd'],
    ['2024-11-21', '23 mnd'],
    ['2024-11-20', '2 år'],
    ['1943', '83 år'],
    ['', 'ukjent alder'],
  ] as const
  for (const [born, age] of ages) {
    test(`somebody born \`${born}\` is ${age} on 20.11.2026`, () => assert.equal(formatAge(born, NOW), age))
  }

  test('counts the day in Oslo, not where the browser stands', () => {
    assert.equal(formatAge('2000-11-21', new Date('2026-11-20T23:30:00Z')), '26 år')
  })

  test('says the unit once when the role is named after it', () => {
    assert.equal(
      formatRole({ name: 'Sykepleier, sengepost 4B', unit: 'Sengepost 4B, ortopedi' }),
      'Sykepleier, Sengepost 4B, ortopedi',
    )
    assert.equal(formatRole({ name: 'Enhetsleder', unit: '' }), 'Enhetsleder')
  })
})
