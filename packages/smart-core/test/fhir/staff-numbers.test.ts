import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withoutStaffNumbers } from '#src/fhir/staff-numbers.ts'

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
      { resourceType: 'Practitioner', identifier: [{ system: 'urn:x', value: `NO:FNR:${NUMBER}` }, hpr] },
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

  test('take with them words about staff that tell them, however these are marked up', () => {
    for (const div of [
      `<div>${NUMBER}</div>`,
      '<div><b>048579</b><i>49078</i></div>',
      '<div><b>0485</b>79<span class="x">490</span>78</div>',
      `<table><tr><td>${NUMBER}</td><td>999000101</td></tr></table>`,
      '<table><tr><td>048579</td>\n      <td>49078</td></tr></table>',
      '<div>&#48;&#x34;857949078</div>',
      '<div>048579&#160;49078, 048579&nbsp;49078</div>',
      '<div>04857<!-- x > y -->949078</div>',
      `<div title="${NUMBER}">Eva</div>`,
      '<div>٠٤٨٥٧٩٤٩٠٧٨</div>',
    ]) {
      const eva = { resourceType: 'Practitioner', identifier: [hpr], text: { status: 'generated', div } }
      assert.deepEqual(shown(eva), { resourceType: 'Practitioner', identifier: [hpr] }, div)
      const role = { resourceType: 'PractitionerRole', text: { status: 'generated', div } }
      const contained = { resourceType: 'Observation', contained: [role], text: { div: '<div>x</div>' } }
      assert.deepEqual(shown(contained), {
        resourceType: 'Observation',
        contained: [{ resourceType: 'PractitionerRole' }],
      })
    }
  })

  test('leave words about staff alone that tell none', () => {
    for (const div of [
      '<div>Eva Nordmann</div>',
      '<div>HPR 999000101, tlf. <a href="tel:+4768051101">68 05 11 01</a></div>',
      '<table><tr><td>999000101</td><td>22</td></tr><tr><td>993467049</td></tr></table>',
      '<div>Ansatt 20.11.2026 kl. 09:15</div>',
    ])
      for (const resourceType of ['Practitioner', 'PractitionerRole']) {
        const eva = { resourceType, identifier: [hpr], text: { status: 'generated', div } }
        assert.equal(shown(eva), eva, div)
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
