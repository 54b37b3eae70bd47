import { statePaths } from '#src/app-state/openapi.ts'

/**
 * Everything at this process's port that is not FHIR. FHIR describes itself at `/metadata`; the imaging door follows DICOM
 * PS3.18 and is described here as far as it is offered.
 */
export function openApi(gateway: string): object {
  return {
    openapi: '3.1.0',
    info: { title: 'Uthopp FHIR gateway', version: '1.0.0', license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: gateway }],
    paths: {
      '/jwks.json': get('Public keys of the tokens this gateway shows to the servers behind it', 'application/json'),
      '/openapi.json': get('This document', 'application/json'),
      '/brands.json': get(
        'User-Access Brands of the trusts served here; 404 where none are published. Asked again by `If-None-Match`',
        'application/json',
      ),
      '/health/live': get('The process runs', 'application/json'),
      '/health/ready': get(
        'Every authorization server has told its SMART configuration and streams what it revokes; 503 with the reason otherwise',
        'application/json',
      ),
      '/metrics': get('Prometheus metrics', 'text/plain'),
      '/{orgnr}/fhir/.well-known/smart-configuration': get('SMART App Launch 2.2.0 discovery', 'application/json', [
        ORGNR,
      ]),
      ...IMAGING,
      ...statePaths(ORGNR),
    },
    components: { securitySchemes: { accessToken: { type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt' } } },
  }
}

const ORGNR = parameter('orgnr', 'Organisation number of the trust')
const STUDY = parameter('study', 'Study instance UID')
const SERIES = parameter('series', 'Series instance UID')
const INSTANCE = parameter('instance', 'SOP instance UID')
const FRAMES = parameter('frames', 'Frame numbers, comma-separated')

const JSON_TYPE = 'application/dicom+json'
const BYTES = 'multipart/related'
const IMAGING = Object.fromEntries(
  (
    [
      ['/studies', 'Studies of the patient (QIDO-RS)', JSON_TYPE, []],
      ['/studies/{study}/series', 'Series of a study (QIDO-RS)', JSON_TYPE, [STUDY]],
      ['/studies/{study}/instances', 'Instances of a study (QIDO-RS)', JSON_TYPE, [STUDY]],
      ['/studies/{study}/series/{series}/instances', 'Instances of a series (QIDO-RS)', JSON_TYPE, [STUDY, SERIES]],
      ['/studies/{study}/metadata', 'Metadata of a study', JSON_TYPE, [STUDY]],
      ['/studies/{study}/series/{series}/metadata', 'Metadata of a series', JSON_TYPE, [STUDY, SERIES]],
      [
        '/studies/{study}/series/{series}/instances/{instance}/metadata',
        'Metadata of an instance',
        JSON_TYPE,
        [STUDY, SERIES, INSTANCE],
      ],
      ['/studies/{study}/series/{series}/instances/{instance}', 'An instance', BYTES, [STUDY, SERIES, INSTANCE]],
      [
        '/studies/{study}/series/{series}/instances/{instance}/frames/{frames}',
        'Frames of an instance',
        BYTES,
        [STUDY, SERIES, INSTANCE, FRAMES],
      ],
    ] as const
  ).map(([path, summary, type, parameters]) => [
    `/{orgnr}/dicomweb${path}`,
    imaging(get(summary, type, [ORGNR, ...parameters])),
  ]),
)

function parameter(name: string, description: string): object {
  return { name, in: 'path', required: true, description, schema: { type: 'string' } }
}

function get(summary: string, type: string, parameters: readonly object[] = []): { readonly get: object } {
  return { get: { summary, parameters, responses: { 200: { description: summary, content: { [type]: {} } } } } }
}

/** The same token as FHIR, and the same refusals. */
function imaging({ get: operation }: { readonly get: object }): object {
  const refusals = {
    401: 'No valid token, or a revoked one',
    403: 'No scope for ImagingStudy, or not offered',
    404: 'No such study, or not one of the patient',
    503: 'Whether the token was revoked cannot be known now; `Retry-After` says when to ask again',
  }
  const told = Object.fromEntries(Object.entries(refusals).map(([status, description]) => [status, { description }]))
  const responses = 'responses' in operation ? operation.responses : undefined
  return { get: { ...operation, security: [{ accessToken: [] }], responses: { ...told, ...Object(responses) } } }
}
