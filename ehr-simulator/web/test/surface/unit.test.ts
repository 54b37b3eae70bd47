import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { PatientRow } from '#src/api/patients.ts'
import { nextSorting, sortPatients } from '#src/surface/sort-patients.ts'
import { summariseUnit } from '#src/surface/unit-now.ts'

const NOW = new Date('2026-11-20T10:00:00Z')
const row = (family: string, place: string, score: number | null, admittedHoursAgo = 5): PatientRow => ({
  patient: {
    id: family,
    family,
    given: 'Kari',
    birthDate: '1960-01-01',
    gender: 'female',
    number: null,
    hasAllergy: false,
    hasCriticalInfo: false,
  },
  place,
  status: 'present',
  reason: '',
  admitted: new Date(NOW.getTime() - admittedHoursAgo * 3_600_000),
  news2: score === null ? null : { score, at: NOW, three: false },
  next: null,
})
const names = (rows: readonly PatientRow[]) => rows.map(({ patient }) => patient.family)

describe('the patient list', () => {
  const rows = [row('Aas', 'Rom 10', 0), row('Øye', 'Rom 9', 7), row('Berg', 'Rom 9', null), row('Ærø', 'Rom 1', 5)]

  test('stands in Norwegian order: æ ø å (and aa) last', () => {
    assert.deepEqual(names(sortPatients(rows, { key: 'name', direction: 'ascending' })), ['Berg', 'Ærø', 'Øye', 'Aas'])
  })

  test('takes numbers in room names as numbers', () => {
    assert.deepEqual(names(sortPatients(rows, { key: 'place', direction: 'ascending' })), ['Ærø', 'Berg', 'Øye', 'Aas'])
  })

  test('puts the sickest first, and those not measured last', () => {
    const sorting = nextSorting({ key: 'name', direction: 'ascending' }, 'news2')
    assert.deepEqual(names(sortPatients(rows, sorting)), ['Øye', 'Ærø', 'Aas', 'Berg'])
  })

  test('turns around on a second click', () => {
    assert.equal(nextSorting({ key: 'name', direction: 'ascending' }, 'name').direction, 'descending')
  })

  test('counts every patient in exactly one level', () => {
    const { levels } = summariseUnit(rows, NOW)
    assert.equal(
      levels.reduce((sum, { count }) => sum + count, 0),
      rows.length,
    )
    assert.deepEqual(levels.find(({ level }) => level === 'unknown')?.count, 1)
    const noPoints = { ...row('Frisk', '', 0, 1), news2: { score: 0, at: NOW, three: false } }
    assert.equal(summariseUnit([noPoints], NOW).levels.find(({ level }) => level === 'low')?.count, 1)
    const oneThree = { ...noPoints, news2: { score: 3, at: NOW, three: true } }
    assert.equal(summariseUnit([oneThree], NOW).levels.find(({ level }) => level === 'low-medium')?.count, 1)
  })

  test('names the newest arrivals first and forgets them after a week', () => {
    const { recent } = summariseUnit([row('Gammel', '', 0, 24 * 8), row('Ny', '', 0, 1), row('Nylig', '', 0, 30)], NOW)
    assert.deepEqual(names(recent), ['Ny', 'Nylig'])
  })

  test('counts nobody as arrived who is still in an ambulance', () => {
    const underway = { ...row('Underveis', 'Ambulanse', 7, 1), status: 'underway' } as const
    assert.deepEqual(names(summariseUnit([underway], NOW).recent), [])
  })
})
