import { isRecord, type Resource } from '@uthopp/smart-core/fhir/resource'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'

/** Interactions that pass this gateway on a type, when the server behind us has them. PATCH is made of read and update here. */
const TYPE_INTERACTIONS = new Set([
  'read',
  'vread',
  'search-type',
  'create',
  'update',
  'delete',
  'history-instance',
  'history-type',
])

/** Parameters nobody may search on here: what they look at cannot be decided. */
const HIDDEN_PARAMETERS = new Set(['_content', '_text', '_filter', '_query', '_list', '_contained', '_containedType'])

/** SMART App Launch 1.0.0 name → member of smart-configuration (SAL-235, SAL-236: presence included). */
const OAUTH_URIS = [
  ['authorize', 'authorization_endpoint'],
  ['token', 'token_endpoint'],
  ['register', 'registration_endpoint'],
  ['manage', 'management_endpoint'],
  ['introspect', 'introspection_endpoint'],
  ['revoke', 'revocation_endpoint'],
] as const

/**
 * What this FHIR base can do: what the server behind us says, less what the gateway never lets through.
 *
 * Built from named members, so that nothing the server tells about itself comes along.
 */
export function capabilityStatement(upstream: JsonObject, smart: JsonObject, fhirBase: string): Resource {
  const server = objectsOf(upstream['rest']).find((rest) => rest['mode'] === 'server')
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: stringOf(upstream['date']) ?? '2026-11-20',
    kind: 'instance',
    implementation: { description: 'FHIR gateway with SMART App Launch', url: fhirBase },
    instantiates: ['http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data'],
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    patchFormat: ['application/json-patch+json'],
    rest: [
      {
        mode: 'server',
        security: security(smart),
        resource: objectsOf(server?.['resource']).map(resourceCapability),
        // A batch is taken apart here, whatever the server behind us can do.
        interaction: ['batch', ...codesOf(server?.['interaction']).filter((code) => code === 'transaction')].map(
          (code) => ({ code }),
        ),
        operation: [exporting('export')],
      },
    ],
  }
}

const codesOf = (interactions: unknown): string[] =>
  objectsOf(interactions).flatMap((interaction) => stringOf(interaction['code']) ?? [])

function resourceCapability(resource: JsonObject): JsonObject {
  const offered = codesOf(resource['interaction']).filter((code) => TYPE_INTERACTIONS.has(code))
  const patch = offered.includes('read') && offered.includes('update') ? ['patch'] : []
  const parameters = objectsOf(resource['searchParam']).flatMap(searchParameter)
  return {
    type: stringOf(resource['type']) ?? '',
    interaction: [...offered, ...patch].map((code) => ({ code })),
    versioning: 'versioned-update',
    updateCreate: false,
    ...copied(resource, ['conditionalCreate', 'conditionalUpdate']),
    ...listed(resource, 'searchInclude'),
    ...listed(resource, 'searchRevInclude'),
    ...(parameters.length > 0 ? { searchParam: parameters } : {}),
    ...(resource['type'] === 'Patient' ? { operation: [exporting('patient-export')] } : {}),
  }
}

/** The one operation offered is made here of searches, whatever the server behind us has. */
const exporting = (definition: 'export' | 'patient-export'): JsonObject => ({
  name: 'export',
  definition: `http://hl7.org/fhir/uv/bulkdata/OperationDefinition/${definition}`,
})

function searchParameter(parameter: JsonObject): readonly JsonObject[] {
  const name = stringOf(parameter['name'])
  if (name === undefined || HIDDEN_PARAMETERS.has(name)) return []
  return [{ name, ...copied(parameter, ['definition', 'type']) }]
}

const copied = (from: JsonObject, names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap((name): [string, unknown][] => (from[name] === undefined ? [] : [[name, from[name]]])),
  )

function listed(resource: JsonObject, name: string): JsonObject {
  const values = resource[name]
  const kept = Array.isArray(values)
    ? values.filter((value): value is string => typeof value === 'string' && value !== '*')
    : []
  return kept.length > 0 ? { [name]: kept } : {}
}

function security(smart: JsonObject): JsonObject {
  const uris = OAUTH_URIS.flatMap(([url, member]) => {
    const valueUri = stringOf(smart[member])
    return valueUri === undefined ? [] : [{ url, valueUri }]
  })
  return {
    cors: true,
    service: [
      {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/restful-security-service',
            code: 'SMART-on-FHIR',
            display: 'SMART-on-FHIR',
          },
        ],
        text: 'OAuth2 using SMART-on-FHIR profile (see http://docs.smarthealthit.org)',
      },
    ],
    extension: [{ url: 'http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris', extension: uris }],
  }
}

/** True for a document that can be the capabilities of a FHIR server. */
export const isCapabilityStatement = (value: unknown): value is JsonObject =>
  isRecord(value) && value['resourceType'] === 'CapabilityStatement'

/** The types such a statement says can be searched. */
export const searchableTypes = (statement: JsonObject): readonly string[] =>
  objectsOf(statement['rest'])
    .flatMap((rest) => objectsOf(rest['resource']))
    .filter((resource) => codesOf(resource['interaction']).includes('search-type'))
    .flatMap((resource) => stringOf(resource['type']) ?? [])
