import type { Deployment } from '@uthopp/server-kit/deployment'
import { caacPaths, caacSchemas } from '#src/caac/openapi.ts'
import { citizenPaths } from '#src/citizen/openapi.ts'
import { directoryPaths, directorySchemas } from '#src/directory/openapi.ts'
import { factPaths, factSchemas } from '#src/facts/http/openapi.ts'
import { workSurfacePaths } from '#src/work-surface/openapi.ts'

type Paths = Readonly<Record<string, unknown>>

const TEXT = { type: 'string' } as const
const ORGNR = {
  name: 'orgnr',
  in: 'path',
  required: true,
  schema: TEXT,
  description: "the trust's organisation number",
} as const

const ownPaths: Paths = {
  '/health/live': {
    get: { summary: 'The process runs', security: [], responses: { 200: { description: 'It does' } } },
  },
  '/health/ready': {
    get: {
      summary: 'The process can answer',
      security: [],
      responses: { 200: { description: 'It can' }, 503: { description: 'Not now; the body says why' } },
    },
  },
  '/metrics': {
    get: { summary: 'Prometheus metrics', security: [], responses: { 200: { description: 'Text exposition format' } } },
  },
  '/openapi.json': {
    get: { summary: 'This document', security: [], responses: { 200: { description: 'OpenAPI 3.1' } } },
  },
  '/{orgnr}/jwks.json': {
    get: {
      summary: "Public key of the trust's host, as the authorization server registers it",
      security: [],
      parameters: [ORGNR],
      responses: { 200: { description: 'JWK Set (RFC 7517)' }, 404: { $ref: '#/components/responses/Refused' } },
    },
  },
}

/** The work surface and the citizens' pages describe themselves as seen below a trust. */
const surfacePaths = (): Paths =>
  Object.fromEntries(
    Object.entries({ ...workSurfacePaths(), ...citizenPaths() }).map(([path, item]) => [
      `/{orgnr}${path}`,
      { parameters: [ORGNR], ...(typeof item === 'object' ? item : {}) },
    ]),
  )

/** OpenAPI 3.1 of everything on this port that is not FHIR or DICOMweb. */
export function openApiDocument(deployment: Deployment): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Uthopp simulated host',
      version: '0.1.0',
      description:
        'Directory and facts of a hospital trust, and its work surface. `/{orgnr}/fhir` is FHIR R4 (see its `metadata`), `/{orgnr}/dicomweb` is DICOMweb; both answer only the gateway.',
    },
    servers: [{ url: deployment.addresses.host }],
    paths: { ...ownPaths, ...directoryPaths, ...factPaths, ...caacPaths, ...surfacePaths() },
    components: {
      securitySchemes: {
        serviceToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'ES256, at most 300 s, issued by the calling process; `aud` is the address of the API, `scope` holds what the operation needs: `__directory`, `__facts.read`, `__facts.write` or `__pdp.evaluate`',
        },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-uthopp-{orgnr}',
          description:
            'Sign-in at the work surface, one a trust; `__Host-uthopp-innbygger-{orgnr}` at the citizens’ pages; `uthopp-session` where the demo world is served by plain http beyond loopback',
        },
      },
      responses: {
        Refused: {
          description: 'Refused',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
        },
      },
      schemas: {
        Refusal: {
          type: 'object',
          required: ['error', 'error_description', 'correlation_id'],
          properties: { error: TEXT, error_description: TEXT, correlation_id: TEXT },
        },
        ...directorySchemas,
        ...factSchemas,
        ...caacSchemas,
      },
    },
  }
}
