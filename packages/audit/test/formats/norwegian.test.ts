import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatNorwegian } from '#src/formats/norwegian.ts'
import { aRecord } from '#test/records.ts'
import type { Loose } from './loose.ts'
import { NAMES } from './names.ts'

const event = (given = {}, reader: 'entitled' | 'patient' = 'entitled') =>
  JSON.parse(JSON.stringify(formatNorwegian(aRecord(given), NAMES, reader))) as Record<string, Loose> // read as any FHIR client would
const containedOf = (resource: Record<string, Loose>, type: string) =>
  resource['contained'].filter((one: Record<string, unknown>) => one['resourceType'] === type)

describe('the Norwegian AuditEvent (norway.md §5.1)', () => {
  test('has the type, action, moment and outcome of a reading of a patient record', () => {
    const made = event()
    assert.equal(made['resourceType'], 'AuditEvent')
    assert.deepEqual(
      [made['type'].system, made['type'].code],
      ['http://dicom.nema.org/resources/ontology/DCM', '110110'],
    )
    assert.deepEqual([made['action'], made['recorded'], made['outcome']], ['R', '2026-11-20T08:00:00.000Z', '0'])
    assert.deepEqual(made['meta'].profile, [
      'http://hl7.no/fhir/StructureDefinition/no-domain-Trustframework-Auditevent',
    ])
  })

  test('leads from one requestor to a person, a department of a legal entity and a place', () => {
    const made = event()
    const requestors = made['agent'].filter((agent: { requestor: boolean }) => agent.requestor)
    assert.deepEqual(requestors, [{ requestor: true, who: { reference: '#role' } }])
    const [role] = containedOf(made, 'PractitionerRole')
    assert.deepEqual(
      [role.practitioner.reference, role.organization.reference, role.location[0].reference],
      ['#practitioner', '#department', '#location'],
    )
    const [department, legal] = containedOf(made, 'Organization')
    assert.deepEqual([department.id, department.partOf.reference], ['department', '#legal-entity'])
    assert.equal(legal.identifier[0].value, '993467049')
    const [location] = containedOf(made, 'Location')
    assert.equal(location.managingOrganization.reference, '#department')
    const [person] = containedOf(made, 'Practitioner')
    assert.equal(person.qualification[0].code.coding[0].system, 'urn:oid:2.16.578.1.12.4.1.1.9060')
    assert.equal(person.qualification[0].code.coding[0].code, 'SP')
  })

  test('has every contained resource referred to, and refers to nothing that is not there', () => {
    for (const given of [
      {},
      { patient: null },
      { actor: { kind: 'clinician', id: 'gone', role: null } },
      { actor: { kind: 'citizen', id: 'pat-berg', role: null } },
      { actor: { kind: 'client', id: 'backend', role: null } },
      { actor: { kind: 'system', id: 'host', role: null } },
    ]) {
      const made = event(given)
      const ids = made['contained'].map(({ id }: { id: string }) => `#${id}`)
      const referred = [...JSON.stringify(made).matchAll(/"reference":"(#[\w-]+)"/g)].map(([, id]) => id)
      assert.deepEqual(
        referred.filter((id) => !ids.includes(id ?? '')),
        [],
        JSON.stringify(given),
      )
    }
  })

  test('tells the patient, the decision with its four members, one purpose and the template', () => {
    const made = event()
    const [patient, care] = made['extension']
    assert.equal(patient.url, 'http://hl7.no/fhir/StructureDefinition/auditevent-patient-extension')
    assert.equal(patient.valueReference.reference, '#patient')
    assert.equal(care.url, 'http://hl7.no/fhir/StructureDefinition/auditevent-carerelation-metadata-extension')
    assert.deepEqual(care.extension, [
      { url: 'decision-ref-id', valueString: 'dec-8f2' },
      { url: 'decision-ref-description', valueString: 'Innlagt pasient' },
      { url: 'decision-ref-user-selected', valueBoolean: false },
      { url: 'toa', valueUnsignedInt: 1_795_161_600 },
    ])
    const codings = made['purposeOfEvent'].flatMap((purpose: { coding: unknown[] }) => purpose.coding)
    assert.deepEqual(codings, [
      { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' },
      { system: 'https://terminology.dips.com/decisiontemplate', code: 'BELEGG' },
    ])
  })

  test('tells the encounter where the access was part of one', () => {
    const made = event({ detail: { encounter: 'enc77' } })
    const { valueReference } = made['extension'].find(({ url }: Loose) =>
      url.endsWith('auditevent-encounter-extension'),
    )
    assert.equal(valueReference.reference, '#encounter')
    const [encounter] = containedOf(made, 'Encounter')
    assert.deepEqual([encounter.status, encounter.serviceProvider.reference], ['unknown', '#legal-entity'])
  })

  test('has a source of type 4, the resource seen, and the correlation id', () => {
    const made = event()
    assert.equal(made['source'].type[0].code, '4')
    assert.equal(made['source'].observer.reference, 'Device/uthopp')
    assert.equal(made['entity'][0].what.reference, 'Observation/obs1')
    assert.equal(made['entity'].at(-1).what.identifier.value, '0af7651916cd43dd8448eb211c80319c')
  })

  test('holds the numbers of staff for entitled readers, in `value` and with who gave them', () => {
    const [person] = containedOf(event(), 'Practitioner')
    const numbers = person.identifier.filter(({ system }: { system: string }) => system.startsWith('urn:oid:'))
    assert.deepEqual(
      numbers.map(({ system, value, assigner }: Loose) => [system, value, assigner.display]),
      [
        ['urn:oid:2.16.578.1.12.4.1.4.1', '09818549552', 'Skatteetaten'],
        ['urn:oid:2.16.578.1.12.4.1.4.4', '999000202', 'Helsedirektoratet'],
      ],
    )
  })

  test('never holds a number of staff for the patient, and no reason that speaks of a block', () => {
    for (const outcome of ['ok', 'refused'] as const) {
      const text = JSON.stringify(event({ outcome, policy: { ...aRecord().policy, reasonCode: 'blocked' } }, 'patient'))
      assert.doesNotMatch(text, /09818549552|999000202|blocked/)
      assert.match(text, /Fjell/)
    }
  })

  test('does not tell the patient which item was refused', () => {
    assert.doesNotMatch(JSON.stringify(event({ outcome: 'refused' }, 'patient')), /obs1/)
  })

  test('has no empty list and no null anywhere', () => {
    for (const given of [{}, { patient: null, what: null, decision: null, policy: null, clientId: null }]) {
      const text = JSON.stringify(event(given))
      assert.doesNotMatch(text, /\[\]|null/)
    }
  })

  test('tells a write by its action and a refusal by its outcome', () => {
    const what = { interaction: 'create', type: 'Observation', ids: [], count: 1, query: null }
    assert.deepEqual([event({ what })['action'], event({ outcome: 'refused' })['outcome']], ['C', '4'])
    assert.equal(event({ activity: 'login', what: null })['action'], 'E')
  })
})
