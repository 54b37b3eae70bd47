import { readFileSync } from 'node:fs'
import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core'
import type { SearchParameter, StructureDefinition } from '@medplum/fhirtypes'

/** What scripts/reduce-definitions.ts writes. */
export type ReducedDefinitions = {
  readonly structures: readonly StructureDefinition[]
  readonly searchParameters: readonly SearchParameter[]
  /** Codes of the value sets that R4 binds as `required`, by canonical address. */
  readonly requiredCodes: Readonly<Record<string, readonly string[]>>
  /** CompartmentDefinition/patient: the parameters that put a resource of a type in a patient's compartment. */
  readonly patientCompartment: Readonly<Record<string, readonly string[]>>
}

let loaded: ReducedDefinitions | undefined

/** Reads the reduced R4 definitions into Medplum's process-wide schema, once. */
export function loadDefinitions(): ReducedDefinitions {
  if (loaded) return loaded
  const text = readFileSync(new URL('./r4.json', import.meta.url), 'utf8')
  const definitions = JSON.parse(text) as ReducedDefinitions // generated beside its own type
  indexStructureDefinitionBundle([...definitions.structures])
  indexSearchParameterBundle({
    resourceType: 'Bundle',
    type: 'collection',
    entry: definitions.searchParameters.map((resource) => ({ resource })),
  })
  loaded = definitions
  return definitions
}
