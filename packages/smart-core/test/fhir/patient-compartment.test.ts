import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readFileSync } from 'node:fs'
import { belongsOnlyTo, isPatientType, searchParamFor } from '#src/fhir/patient-compartment.ts'
import type { Resource } from '#src/fhir/resource.ts'
import { findSearchParameter } from '#src/fhir/search-parameters.ts'
import { parseFhirId } from '#src/fhir-id.ts'
import { read } from '#test/required.ts'
import { generateTables } from '../../scripts/generate-r4-tables.ts'

const berg = read(parseFhirId('cdp1001'))
const BASE = 'http://upstream.example/fhir'
const to = (reference: string): { reference: string } => ({ reference })
const BERG = to('Patient/cdp1001')
const OTHER = to('Patient/cdp1002')
const about = (resourceType: string, elements: object): Resource => ({ resourceType, ...elements })

describe('the committed R4 tables', () => {
  for (const [name, text] of generateTables()) {
    test(`${name} is what the generator writes`, () => {
      assert.equal(readFileSync(new URL(`../../src/r4/${name}`, import.meta.url), 'utf8'), text)
    })
  }
})

describe('the patient compartment', () => {
  for (const resource of [
    about('Patient', { id: 'cdp1001' }),
    about('Observation', { subject: BERG }),
    about('Observation', { subject: to('Patient/cdp1001/_history/4') }),
    about('Observation', { subject: to(`${BASE}/Patient/cdp1001`) }),
    about('AllergyIntolerance', { patient: BERG }),
    about('Appointment', { participant: [{ actor: to('Practitioner/x') }, { actor: BERG }] }),
    about('Coverage', { beneficiary: BERG, policyHolder: OTHER }),
    about('AuditEvent', { agent: [{ who: to('Practitioner/x') }], entity: [{ what: BERG }] }),
    about('Provenance', { target: [BERG] }),
    about('Task', { for: BERG }),
    about('SupplyRequest', { deliverTo: BERG }),
    about('Binary', { securityContext: BERG }),
  ]) {
    test(`holds ${JSON.stringify(resource)}`, () => {
      assert.ok(belongsOnlyTo(resource, berg, [BASE]))
    })
  }

  for (const resource of [
    about('Patient', { id: 'cdp1002' }),
    about('Patient', {}),
    about('Observation', {}),
    about('Observation', { subject: OTHER }),
    about('Observation', { subject: to('Device/cdp1001') }),
    about('Observation', { subject: to('http://elsewhere.example/fhir/Patient/cdp1001') }),
    about('Observation', { subject: to(`${BASE}.evil.example/Patient/cdp1001`) }),
    about('Observation', { subject: to('xPatient/cdp1001') }),
    about('Observation', { subject: to('Patient/cdp1001?x=y') }),
    about('Observation', { subject: to('Patient/cdp1001/') }),
    about('Observation', { subject: to('#cdp1001') }),
    about('Observation', { subject: to('urn:uuid:cdp1001') }),
    about('Observation', { subject: { type: 'Patient', identifier: { value: 'cdp1001' } } }),
    about('Observation', { subject: 'Patient/cdp1001' }),
    about('Observation', { subject: { reference: ['Patient/cdp1001'] } }),
    about('Observation', { Subject: BERG }),
    about('Practitioner', { subject: BERG }),
    about('Binary', {}),
    about('Binary', { securityContext: OTHER }),
    about('Binary', { securityContext: to('DocumentReference/dok1') }),
    about('Nothing', { subject: BERG }),
    about('__proto__', { subject: BERG }),
  ]) {
    test(`does not hold ${JSON.stringify(resource)}`, () => {
      assert.ok(!belongsOnlyTo(resource, berg, [BASE]))
    })
  }

  for (const resource of [
    about('Observation', { subject: OTHER, performer: [BERG] }),
    about('Observation', { subject: to('#p'), performer: [BERG] }),
    about('Observation', { subject: { type: 'Patient', identifier: { value: '1' } }, performer: [BERG] }),
    about('Patient', { id: 'cdp1002', link: [{ other: BERG }] }),
    about('Group', { member: [{ entity: BERG }, { entity: OTHER }] }),
    about('Appointment', { participant: [{ actor: BERG }, { actor: OTHER }] }),
    about('Provenance', { target: [BERG, OTHER] }),
  ]) {
    test(`holds ${JSON.stringify(resource)} by R4, but it is not this patient's alone`, () => {
      assert.ok(!belongsOnlyTo(resource, berg))
    })
  }

  test('is searched by one parameter, which R4 knows and which points at patients', () => {
    assert.equal(searchParamFor('Observation'), 'patient')
    assert.equal(searchParamFor('Patient'), '_id')
    assert.equal(searchParamFor('Group'), 'member')
    assert.equal(searchParamFor('Organization'), undefined)
    assert.equal(searchParamFor('Binary'), undefined)
    for (const type of Object.keys(
      JSON.parse(readFileSync(new URL('../../src/r4/patient-compartment.json', import.meta.url), 'utf8')),
    )) {
      assert.ok(isPatientType(type))
      if (type !== 'Patient')
        assert.ok(
          findSearchParameter(type, searchParamFor(type) ?? '')?.targets.some((t) => t === 'Patient' || t === '*'),
        )
    }
  })

  test('leaves out the types R4 leaves out', () => {
    for (const type of ['Practitioner', 'Organization', 'Medication', 'Location', 'Endpoint', 'Bundle', 'Device'])
      assert.ok(!isPatientType(type))
  })
})
