import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { looksForStaffNumber } from '#src/fhir/staff-search.ts'
import { parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { isProblem } from '@uthopp/smart-core/problem'

const FNR = 'urn:oid:2.16.578.1.12.4.1.4.1'
const HPR = 'urn:oid:2.16.578.1.12.4.1.4.4'
const NUMBER = '04857949078'

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
