import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withoutStaffNumbers } from '#src/fhir/staff-numbers.ts'
import { looksForStaffNumber } from '#src/fhir/staff-search.ts'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1'
const HPR = 'urn:oid:2.16.578.1.12.4.1.4.4'
const NUMBER = '04857949078'
const hpr = { system: HPR, value: '999000101' }
const shown = (resource: { resourceType: string; [member: string]: unknown }) => withoutStaffNumbers(resource)

describe('national ids of those who work here', () => {
  test('are in nothing that is shown, however they are written and wherever they stand', () => {
    const fnr = { use: 'official', system: FNR, value: NUMBER }
    for (const resource of [
      { resourceType: 'Practitioner', identifier: [fnr, hpr] },
      { resourceType: 'Practitioner', identifier: [{ ...fnr, system: 'URN:OID:2.16.578.1.12.4.1.4.2' }, hpr] },
      { resourceType: 'Practitioner', identifier: [{ ...fnr, system: '2.16.578.1.12.4.1.4.3' }, hpr] },
      { resourceType: 'Practitioner', identifier: [{ system: 'urn:ours', value: '048579 49078' }, hpr] },
      { resourceType: 'Practitioner', identifier: [{ value: '٠٤٨٥٧٩٤٩٠٧٨' }, hpr] },
      { resourceType: 'Practitioner', identifier: [hpr], text: { status: 'generated', div: `<div>${NUMBER}</div>` } },
      {
        resourceType: 'Practitioner',
        identifier: [{ type: { coding: [{ code: 'FNR' }] }, value: `NO-${NUMBER}` }, hpr],
        extension: [{ url: 'urn:also', valueIdentifier: fnr }],
      },
      { resourceType: 'PractitionerRole', identifier: [fnr], practitioner: { identifier: fnr, display: 'Eva' } },
      {
        resourceType: 'Person',
        identifier: [fnr],
        link: [{ target: { reference: 'Patient/pat-a' } }, { target: { reference: 'Practitioner/stf101' } }],
      },
      {
        resourceType: 'Observation',
        contained: [{ resourceType: 'Practitioner', id: 'p', identifier: [fnr, hpr] }],
        text: { status: 'generated', div: `<div>Tatt av ${NUMBER}</div>` },
      },
      {
        resourceType: 'Observation',
        performer: [{ type: 'Practitioner', identifier: fnr, display: 'Eva' }],
        extension: [{ url: 'urn:by', valueReference: { identifier: fnr } }],
      },
      { resourceType: 'Encounter', participant: [{ individual: { identifier: fnr } }] },
      { resourceType: 'Observation', extension: [{ url: 'urn:by', valueIdentifier: fnr }] },
      { resourceType: 'Observation', subject: { type: 'Practitioner', identifier: fnr } },
      { resourceType: 'Observation', performer: [{ identifier: { value: NUMBER } }] },
      { resourceType: 'Patient', generalPractitioner: [{ identifier: fnr }] },
      { resourceType: 'Bundle', entry: [{ resource: { resourceType: 'Practitioner', identifier: [fnr] } }] },
      {
        resourceType: 'Parameters',
        parameter: [{ name: 'x', resource: { resourceType: 'Practitioner', identifier: [fnr] } }],
      },
    ]) {
      const text = JSON.stringify(shown(resource))
      assert.doesNotMatch(text.normalize('NFKC'), /0\s*4\s*8\s*5\s*7\s*9\s*4\s*9\s*0\s*7\s*8|٠٤/, text)
      if (JSON.stringify(resource).includes(hpr.value)) assert.ok(text.includes(hpr.value), text)
    }
  })

  test('leave no empty element behind', () => {
    assert.deepEqual(shown({ resourceType: 'Practitioner', id: 'p', identifier: [{ system: FNR, value: NUMBER }] }), {
      resourceType: 'Practitioner',
      id: 'p',
    })
    assert.deepEqual(
      shown({
        resourceType: 'Observation',
        status: 'final',
        performer: [{ identifier: { system: FNR, value: NUMBER } }, { reference: 'Practitioner/stf101' }],
      }),
      { resourceType: 'Observation', status: 'final', performer: [{ reference: 'Practitioner/stf101' }] },
    )
  })

  test('what patients and relatives are identified by stays, and everything else is the very same', () => {
    const fnr = { system: FNR, value: '30888249520' }
    for (const resource of [
      { resourceType: 'Patient', identifier: [fnr], link: [{ other: { reference: 'Patient/p2', identifier: fnr } }] },
      { resourceType: 'RelatedPerson', identifier: [fnr], patient: { identifier: fnr } },
      { resourceType: 'Person', identifier: [fnr], link: [{ target: { reference: 'Patient/pat-a' } }] },
      { resourceType: 'Observation', subject: { identifier: fnr }, text: { div: '<div>30888249520</div>' } },
      { resourceType: 'Observation', performer: [{ type: 'Patient', identifier: fnr }] },
      { resourceType: 'Observation', contained: [{ resourceType: 'Patient', identifier: [fnr] }] },
      { resourceType: 'Practitioner', identifier: [hpr], telecom: [{ system: 'phone', value: '+47 68 05 11 01 1' }] },
      {
        resourceType: 'ImagingStudy',
        identifier: [{ value: '12345678901' }],
        basedOn: [{ identifier: { system: 'urn:ris', value: '12345678901' } }],
      },
      { resourceType: 'Organization', identifier: [{ system: 'urn:oid:2.16.578.1.12.4.1.4.101', value: '993467049' }] },
    ])
      assert.equal(shown(resource), resource, JSON.stringify(resource))
  })
})

describe('looking for those who work here', () => {
  const looks = (url: string): boolean => {
    const [path = '', query = ''] = url.split('?')
    const interaction = parseFhirInteraction({ method: 'GET', path, query })
    assert.ok(!isProblem(interaction) && interaction.kind === 'search-type', url)
    return interaction.search.params.some(looksForStaffNumber)
  }

  test('by national id is noticed through chains, `_has`, references, orders and lists', () => {
    for (const url of [
      `Practitioner?identifier=${FNR}|${NUMBER}`,
      `Practitioner?identifier=${FNR}|`,
      `Practitioner?identifier=URN:OID:2.16.578.1.12.4.1.4.2|${NUMBER}`,
      `Practitioner?identifier=${NUMBER}`,
      `Practitioner?identifier=|${NUMBER}`,
      `Practitioner?identifier=urn:ours|${NUMBER}`,
      `Practitioner?identifier=${HPR}|999000101,${NUMBER}`,
      `Practitioner?identifier:not=${NUMBER}`,
      `Practitioner?identifier:of-type=urn:x|FNR|${NUMBER}`,
      `Practitioner?identifier:text=0485`,
      `Practitioner?identifier:contains=0485`,
      `Practitioner?_sort=identifier`,
      `Practitioner?_sort=name,-identifier`,
      `PractitionerRole?practitioner.identifier=${NUMBER}`,
      `PractitionerRole?practitioner:Practitioner.identifier=${FNR}|${NUMBER}`,
      `PractitionerRole?identifier=${NUMBER}`,
      `PractitionerRole?practitioner:identifier=${FNR}|${NUMBER}`,
      `Observation?performer:identifier=${FNR}|${NUMBER}`,
      `Observation?performer.identifier=${NUMBER}`,
      `Patient?general-practitioner:Practitioner.identifier=${NUMBER}`,
      `Practitioner?_has:PractitionerRole:practitioner:identifier=${NUMBER}`,
      `Patient?_has:Observation:patient:performer:Practitioner.identifier=${NUMBER}`,
      `Person?identifier=${FNR}|${NUMBER}`,
    ])
      assert.equal(looks(url), true, url)
  })

  test('by HPR number or name is not, nor are patients looked for by their own', () => {
    for (const url of [
      `Practitioner?identifier=${HPR}|999000101`,
      'Practitioner?identifier=999000101',
      'Practitioner?identifier:missing=false',
      'Practitioner?name=Fjell&_sort=family',
      `PractitionerRole?practitioner.identifier=${HPR}|999000101`,
      `Observation?performer:identifier=${HPR}|999000101`,
      `Patient?identifier=${FNR}|30888249520`,
      `Observation?subject:identifier=${FNR}|30888249520`,
      `Observation?patient:Patient.identifier=30888249520`,
      `Observation?identifier=12345678901`,
    ])
      assert.equal(looks(url), false, url)
  })
})
