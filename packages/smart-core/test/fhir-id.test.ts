import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseFhirId, parseReference } from '#src/fhir-id.ts'
import { isProblem } from '#src/problem.ts'
import { read } from '#test/required.ts'

describe('an id', () => {
  for (const id of ['a', 'cdp1001', '1', 'A-b.C', 'x'.repeat(64), '...'])
    test(`${id.slice(0, 12)} is read`, () => assert.equal(read(parseFhirId(id)), id))

  for (const id of ['', '.', '..', 'a/b', 'a b', 'a_b', 'a%2F', 'x'.repeat(65), 'å', 'a\n', 'a\u0000', '＠', '٣'])
    test(`${JSON.stringify(id).slice(0, 12)} is refused`, () => assert.ok(isProblem(parseFhirId(id))))
})

describe('a reference', () => {
  test('of type and id is read', () => {
    assert.deepEqual(read(parseReference('ImagingStudy/st-1')), { type: 'ImagingStudy', id: 'st-1' })
  })

  for (const text of [
    '',
    'Patient',
    'Patient/',
    '/cdp1001',
    'patient/cdp1001',
    'Nothing/1',
    'Patient/..',
    'Patient/1/_history/2',
    'Patient/1?x=y',
    'http://a.example/Patient/1',
    '#p',
    'urn:uuid:0',
  ])
    test(`${JSON.stringify(text)} is refused`, () => assert.ok(isProblem(parseReference(text))))
})
