import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseHouseStyle } from '../src/smart/house-style.ts'
import { ageOn, parsePatient, patientLine } from '../src/smart/patient.ts'

describe('the patient line', () => {
  test('is written as in Norwegian records, with the age from the birth date', () => {
    const patient = parsePatient({
      resourceType: 'Patient',
      identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.1', value: '19854349034' }],
      name: [{ use: 'official', family: 'Berg', given: ['Solveig'] }],
      gender: 'female',
      birthDate: '1943-05-19',
    })
    assert.equal(patientLine(patient, '2026-04-29'), 'BERG, Solveig 198543 49034 – 82 år – Kvinne')
  })

  test('a birthday counts from the day itself', () => {
    assert.equal(ageOn('1943-05-19', '2026-05-18'), 82)
    assert.equal(ageOn('1943-05-19', '2026-05-19'), 83)
  })

  test('somebody without name and number is still shown', () => {
    assert.equal(patientLine(parsePatient({ resourceType: 'Patient' }), '2026-04-29'), 'Ukjent navn – Ukjent kjønn')
  })
})

describe('the look a host suggests', () => {
  test('known members with proper values are followed', () => {
    assert.deepEqual(
      parseHouseStyle({
        color_background: '#f6f8f9',
        dim_font_size: '14px',
        font_family_body: "'Source Sans 3', Arial",
      }),
      [
        ['--app-background', '#f6f8f9'],
        ['--app-font-size', '14px'],
        ['--app-font', "'Source Sans 3', Arial"],
      ],
    )
  })

  test('anything that is not a plain value never reaches the style sheet', () => {
    assert.deepEqual(
      parseHouseStyle({
        color_background: 'url(https://elsewhere.test/a.png)',
        color_text: '#fff;} body{display:none',
        dim_font_size: '900rem',
        font_family_body: 'x); background: url(//elsewhere.test',
        '--app-text': '#000',
        constructor: '#000000',
      }),
      [],
    )
    assert.deepEqual(parseHouseStyle('#fff'), [])
  })
})
