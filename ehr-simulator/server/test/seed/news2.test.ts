import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Observation } from '@medplum/fhirtypes'
import { patientsOf } from '#src/seed/people.ts'
import { AHUS, OUS } from '#src/seed/units.ts'
import { ofType } from './world.ts'

const NEWS2 = '1104051000000101'
const MEASURED = ['8867-4', '59408-5', '3151-8', '9279-1', '85354-9', '80288-4', '8310-5']
const codeOf = ({ code }: Observation): string => code.coding?.[0]?.code ?? ''
const scores = ofType('Observation').filter((observation) => codeOf(observation) === NEWS2)
const people = [...patientsOf(OUS), ...patientsOf(AHUS)]

describe('seeded NEWS2', () => {
  test('the total is the sum of seven parts, each recorded', () => {
    assert.ok(scores.length > 100)
    for (const { id, component = [], valueQuantity } of scores) {
      assert.equal(component.length, 7, id)
      const sum = component.reduce((all, part) => all + (part.valueQuantity?.value ?? NaN), 0)
      assert.equal(sum, valueQuantity?.value, id)
    }
  })

  test('every score stands beside the seven measurements of the same moment', () => {
    for (const { id, subject, effectiveDateTime } of scores) {
      const beside = ofType('Observation').filter(
        (other) => other.subject?.reference === subject?.reference && other.effectiveDateTime === effectiveDateTime,
      )
      for (const code of MEASURED)
        assert.ok(
          beside.some((other) => codeOf(other) === code),
          `${id} ${code}`,
        )
    }
  })

  test('neither a child under sixteen nor a pregnant woman is scored, and their vital signs are there', () => {
    for (const { patient, pregnant, birthDate } of people) {
      const own = ofType('Observation').filter(({ subject }) => subject?.reference === `Patient/${patient}`)
      const scored = own.filter((observation) => codeOf(observation) === NEWS2)
      for (const { effectiveDateTime = '' } of scored) {
        assert.equal(pregnant, false, patient)
        assert.ok(Number(effectiveDateTime.slice(0, 4)) - Number(birthDate.slice(0, 4)) >= 16, patient)
      }
      assert.ok(
        own.some((observation) => codeOf(observation) === '8867-4'),
        patient,
      )
    }
    const scored = new Set(scores.map(({ subject }) => subject?.reference))
    assert.equal(scored.has('Patient/cdp2002'), false)
    assert.equal(scored.has('Patient/cdp2001'), false)
  })

  test('the list of ambulances starts with the score last measured', () => {
    for (const patient of ['cdp1002', 'cdp1003', 'cdp2004']) {
      const latest = scores
        .filter(({ subject }) => subject?.reference === `Patient/${patient}`)
        .toSorted((a, b) => (a.effectiveDateTime ?? '').localeCompare(b.effectiveDateTime ?? ''))
        .at(-1)
      const transport = ofType('Encounter').find(({ id }) => id === patient.replace('cdp', 'enc'))
      assert.ok(
        transport?.reasonCode?.some(({ text }) => text === `NEWS2 ${latest?.valueQuantity?.value}`),
        patient,
      )
    }
  })
})
