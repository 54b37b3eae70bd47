import type { CapabilityStatement, CapabilityStatementRestResource } from '@medplum/fhirtypes'
import { allParameters, type ParametersOfType } from '../definitions/parameters.ts'

const INTERACTIONS = ['read', 'vread', 'update', 'delete', 'history-instance', 'history-type', 'create'] as const

const COLUMN_PARAMETERS = [
  { name: '_id', type: 'token', definition: 'http://hl7.org/fhir/SearchParameter/Resource-id' },
  { name: '_lastUpdated', type: 'date', definition: 'http://hl7.org/fhir/SearchParameter/Resource-lastUpdated' },
] as const

function resourceStatement(
  type: string,
  parameters: ParametersOfType,
  pointing: readonly string[],
): CapabilityStatementRestResource {
  const references = [...parameters.values()]
    .filter(({ kind }) => kind === 'reference')
    .map(({ code }) => `${type}:${code}`)
  return {
    type: type as 'Patient', // every announced type is a resource type
    profile: `http://hl7.org/fhir/StructureDefinition/${type}`,
    interaction: [...INTERACTIONS, 'search-type' as const].map((code) => ({ code })),
    versioning: 'versioned-update',
    readHistory: true,
    updateCreate: true,
    conditionalCreate: true,
    conditionalRead: 'not-match',
    conditionalUpdate: true,
    conditionalDelete: 'single',
    ...(references.length > 0 ? { searchInclude: references } : {}),
    ...(pointing.length > 0 ? { searchRevInclude: [...pointing] } : {}),
    searchParam: [
      ...COLUMN_PARAMETERS,
      ...[...parameters.values()].map(({ code, kind, definition }) => ({ name: code, type: kind, definition })),
    ],
  }
}

/** What this server does, read off the same tables that do it. */
export function capabilityStatement(base: string, date: Date): CapabilityStatement {
  const all = allParameters()
  const references = [...all.values()].flatMap((parameters) =>
    [...parameters.values()].filter(({ kind }) => kind === 'reference'),
  )
  const pointingAt = (type: string) =>
    references.filter(({ targets }) => targets.includes(type)).map((each) => `${each.type}:${each.code}`)
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: date.toISOString(),
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    software: { name: 'Uthopp simulated host' },
    implementation: { description: 'FHIR store of the simulated hospital host; synthetic data only', url: base },
    rest: [
      {
        mode: 'server',
        security: {
          description:
            'Answers only service tokens of the gateway. Clients use the gateway, which publishes its own statement.',
        },
        resource: [...all].map(([type, parameters]) => resourceStatement(type, parameters, pointingAt(type))),
        interaction: [{ code: 'transaction' }, { code: 'batch' }],
        compartment: ['http://hl7.org/fhir/CompartmentDefinition/patient'],
      },
    ],
  }
}
