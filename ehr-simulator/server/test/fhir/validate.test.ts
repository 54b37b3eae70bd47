import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Resource } from '@medplum/fhirtypes'
import { anEmptyStore, statusOf } from './fixture.ts'

const store = anEmptyStore()
const coded = { coding: [{ system: 'http://loinc.org', code: '8867-4' }] }

const cases: readonly (readonly [name: string, accepted: boolean, resource: unknown])[] = [
  ['a plain patient', true, { resourceType: 'Patient', gender: 'female', birthDate: '1943-05-19' }],
  ['a gender outside the required codes', false, { resourceType: 'Patient', gender: 'mann' }],
  ['an unknown member', false, { resourceType: 'Patient', foo: 1 }],
  ['a boolean that is text', false, { resourceType: 'Patient', active: 'yes' }],
  ['a date that is none', false, { resourceType: 'Patient', birthDate: '19.05.1943' }],
  [
    'a name use outside the codes, deep inside',
    false,
    { resourceType: 'Patient', contact: [{ name: { use: 'pet', family: 'x' } }] },
  ],
  [
    'a telecom system outside the codes',
    false,
    { resourceType: 'Patient', telecom: [{ system: 'pigeon', value: 'x' }] },
  ],
  ['an observation without status', false, { resourceType: 'Observation', code: coded }],
  ['an observation with an unknown status', false, { resourceType: 'Observation', status: 'done', code: coded }],
  [
    'two values at once',
    false,
    { resourceType: 'Observation', status: 'final', code: coded, valueString: 'x', valueInteger: 1 },
  ],
  [
    'a broken invariant',
    false,
    { resourceType: 'Observation', status: 'final', code: coded, valueString: 'x', dataAbsentReason: { text: 'y' } },
  ],
  [
    'a comparator outside the codes in a choice',
    false,
    { resourceType: 'Observation', status: 'final', code: coded, valueQuantity: { value: 1, comparator: '~' } },
  ],
  [
    'a condition with a clinical status outside the codes',
    false,
    {
      resourceType: 'Condition',
      clinicalStatus: {
        coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'alive' }],
      },
      subject: {},
    },
  ],
  [
    'a contained resource with a wrong code',
    false,
    {
      resourceType: 'Observation',
      status: 'final',
      code: coded,
      contained: [{ resourceType: 'Patient', id: 'p', gender: 'mann' }],
    },
  ],
  ['a code of an example binding', true, { resourceType: 'Observation', status: 'final', code: { text: 'whatever' } }],
  [
    'a conditional reference',
    false,
    { resourceType: 'Observation', status: 'final', code: coded, subject: { reference: 'Patient?identifier=1' } },
  ],
  ['a number in the place of a name', false, { resourceType: 'Patient', name: [1] }],
  ['a text in the place of a reference', false, { resourceType: 'Patient', managingOrganization: 'Organization/1' }],
  ['a null in the place of a contained resource', false, { resourceType: 'Patient', contained: [null] }],
  ['a type nobody keeps', false, { resourceType: 'Account', status: 'active' }],
  ['a Bundle', false, { resourceType: 'Bundle', type: 'collection' }],
]

describe('what is stored is valid FHIR R4', () => {
  for (const [name, accepted, resource] of cases) {
    test(`${name} is ${accepted ? 'kept' : 'refused'}`, async () => {
      const before = (await store.historyPage({ type: 'Patient' }, {})).total
      const status = await statusOf(store.createResource(resource as Resource)) // the store is what is asked
      assert.equal(status, accepted ? 0 : 400)
      if (!accepted) assert.equal((await store.historyPage({ type: 'Patient' }, {})).total, before)
    })
  }
})
