import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { originOf } from '#src/fhir/origin.ts'

const BASE = 'https://fhir.example/r4'
const security = (...codes: string[]) => ({ security: codes.map((code) => ({ system: 's', code })) })
const ref = (reference: string) => ({ reference })

describe('the origin of a resource', () => {
  test('tells patient, marks, units, authors and visits from its own elements', () => {
    const origin = originOf(
      {
        resourceType: 'DocumentReference',
        id: 'dok1',
        meta: security('R', 'NORS'),
        subject: ref('Patient/pas1'),
        author: [ref('Practitioner/stf1'), ref(`${BASE}/Practitioner/stf2`), ref('Practitioner/stf1')],
        custodian: ref('Organization/aks1'),
        context: { encounter: [ref('Encounter/enc1')] },
      },
      [BASE],
    )
    assert.deepEqual(origin, {
      patients: { ids: ['pas1'], unclear: false },
      labels: ['s|R', 's|NORS'],
      units: ['aks1'],
      authors: ['stf1', 'stf2'],
      encounters: ['enc1'],
    })
  })

  test('an Encounter is its own visit, and its wards are its units', () => {
    const origin = originOf({
      resourceType: 'Encounter',
      id: 'enc1',
      subject: ref('Patient/pas1'),
      serviceProvider: ref('Organization/afa1'),
      location: [{ location: ref('Location/lok1') }, { location: ref('Location/lok2') }],
      participant: [{ individual: ref('Practitioner/stf1') }],
    })
    assert.deepEqual([origin.units, origin.authors], [['afa1', 'lok1', 'lok2'], ['stf1']])
    assert.deepEqual(origin.encounters, ['enc1'])
  })

  test('what it contains marks the whole, and a mark nobody can read is a mark', () => {
    const origin = originOf({
      resourceType: 'Observation',
      meta: { security: ['x', { code: 'R' }] },
      contained: [{ resourceType: 'Specimen', meta: security('V') }],
    })
    assert.deepEqual(origin.labels, ['|', '|R', 's|V'])
  })

  test('nobody’s data has no patient; a patient named in a way nobody can follow is unclear', () => {
    const of = (more: object) => originOf({ resourceType: 'Observation', ...more }).patients
    assert.deepEqual(of({}), { ids: [], unclear: false })
    assert.deepEqual(originOf({ resourceType: 'Practitioner', id: 'stf1' }).patients, { ids: [], unclear: false })
    assert.equal(of({ subject: ref('#p') }).unclear, true)
    assert.equal(of({ subject: ref('https://elsewhere.example/Patient/1') }).unclear, true)
    assert.equal(of({ subject: { type: 'Patient', identifier: { value: '1' } } }).unclear, true)
  })

  test('every patient of a resource about several is told', () => {
    const participant = ['pas1', 'pas2', 'pas1'].map((id) => ({ actor: ref(`Patient/${id}`) }))
    assert.deepEqual(originOf({ resourceType: 'Appointment', participant }).patients.ids, ['pas1', 'pas2'])
  })

  test('references elsewhere and of odd shape name nobody here', () => {
    const origin = originOf({
      resourceType: 'Observation',
      performer: [ref('https://elsewhere.example/Practitioner/stf1'), ref('Practitioner/'), ref('stf1'), 'stf1', null],
    })
    assert.deepEqual([origin.authors, origin.units], [[], []])
  })
})
