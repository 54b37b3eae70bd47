import type { Deployment } from '@uthopp/server-kit/deployment'
import { REGISTERS } from './api/facts.ts'

const text = { type: 'string' }
const REFUSAL = {
  description: 'A refusal with a registered code, one sentence and the correlation id',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error', 'error_description', 'correlation_id'],
        properties: { error: text, error_description: text, correlation_id: text },
      },
    },
  },
}
const json = (description: string, schema: unknown) => ({ description, content: { 'application/json': { schema } } })

/** The OpenAPI 3.1 description of the launcher's script API. */
export function openapi(deployment: Deployment): unknown {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Uthopp launcher',
      version: '0.1.0',
      description: 'Compose launches in the demo world. Absent in production.',
    },
    servers: [{ url: deployment.addresses.launcher }],
    paths: {
      '/api/world': {
        get: {
          operationId: 'tellWorld',
          summary: 'Trusts, registered apps, people with roles, patients, units and the defaults of each trust',
          responses: {
            200: json('The demo world', {
              type: 'object',
              required: ['trusts', 'apps', 'people', 'patients', 'units', 'defaults'],
            }),
            403: REFUSAL,
          },
        },
      },
      '/api/launches': {
        post: {
          operationId: 'composeLaunch',
          summary:
            'Offer a launch as a host would; absent user and patient take the defaults, `patient: null` is a launch without patient',
          requestBody: {
            required: true,
            ...json('', {
              type: 'object',
              additionalProperties: false,
              required: ['tenant', 'client_id'],
              properties: {
                tenant: text,
                client_id: text,
                user: text,
                role: text,
                patient: { type: ['string', 'null'] },
                encounter: text,
                fhirContext: { type: 'array', items: { type: 'object' } },
                intent: text,
                bound: { type: 'boolean', default: true },
              },
            }),
          },
          responses: {
            201: json(
              'The launch; `start_url` is opened once by a browser within 60 s, `launch_url` stands instead of it when unbound',
              {
                type: 'object',
                required: ['iss', 'launch'],
                properties: { iss: text, launch: text, start_url: text, launch_url: text },
              },
            ),
            400: REFUSAL,
            403: REFUSAL,
          },
        },
      },
      '/api/registrations': {
        post: {
          operationId: 'passRegistration',
          summary: 'Register an app at one trust (RFC 7591 metadata plus launch_uris)',
          requestBody: {
            required: true,
            ...json('', {
              type: 'object',
              additionalProperties: false,
              required: ['tenant', 'metadata'],
              properties: { tenant: text, metadata: { type: 'object' } },
            }),
          },
          responses: {
            201: json('The client information response of RFC 7591', { type: 'object', required: ['client_id'] }),
            400: REFUSAL,
            403: REFUSAL,
          },
        },
      },
      '/api/facts': {
        post: {
          operationId: 'passFact',
          summary:
            "Play patient administration or a register towards a trust's host; `entry` is what its facts API takes",
          requestBody: {
            required: true,
            ...json('', {
              type: 'object',
              additionalProperties: false,
              required: ['tenant', 'register', 'entry'],
              properties: { tenant: text, register: { enum: REGISTERS }, entry: { type: 'object' } },
            }),
          },
          responses: {
            200: json('What came of an event', { type: 'object' }),
            201: json('What was registered', { type: 'object', required: ['id'] }),
            204: { description: 'Done' },
            400: REFUSAL,
            403: REFUSAL,
            404: REFUSAL,
          },
        },
      },
      '/api/launches/{correlation}/trace': {
        get: {
          operationId: 'traceLaunch',
          summary: 'What was asked, granted and withheld by which rule, since the click with this correlation id',
          parameters: [
            { name: 'correlation', in: 'path', required: true, schema: text },
            { name: 'tenant', in: 'query', required: true, schema: text },
          ],
          responses: {
            200: json('What was written down, oldest first', { type: 'object', required: ['entries'] }),
            400: REFUSAL,
            403: REFUSAL,
            404: REFUSAL,
          },
        },
      },
      '/api/rules': {
        get: {
          operationId: 'tellRules',
          summary: 'The rule book that serves at one trust',
          parameters: [{ name: 'tenant', in: 'query', required: true, schema: text }],
          responses: {
            200: json('Its version, and the text of each rule by id', {
              type: 'object',
              required: ['version', 'rules'],
            }),
            400: REFUSAL,
            403: REFUSAL,
          },
        },
      },
      '/api/what-if': {
        post: {
          operationId: 'askWhatIf',
          summary: 'What would be decided for a person, role, app, patient, purpose and time, by one rule book or two',
          requestBody: {
            required: true,
            ...json('The question of `POST <issuer>/pdp/what-if`, and the trust it goes to', {
              type: 'object',
              required: ['tenant', 'user', 'client_id'],
              properties: { tenant: text, user: text, client_id: text },
            }),
          },
          responses: {
            200: json('The facts and the answers of each book', { type: 'object', required: ['facts', 'serving'] }),
            400: REFUSAL,
            403: REFUSAL,
          },
        },
      },
      '/api/replay': {
        post: {
          operationId: 'replayDecisions',
          summary: 'Which of the last decisions of a trust another rule book would have made otherwise',
          requestBody: {
            required: true,
            ...json('The question of `POST <issuer>/explain/replay`, and the trust it goes to', {
              type: 'object',
              required: ['tenant', 'last'],
              properties: { tenant: text, last: { type: 'integer' } },
            }),
          },
          responses: {
            200: json('The answers that would change', { type: 'object', required: ['decisions', 'changed'] }),
            400: REFUSAL,
            403: REFUSAL,
          },
        },
      },
      '/{tenant}/jwks.json': {
        get: {
          operationId: 'launcherKeys',
          summary: "The public key of the launcher's host client at one trust",
          parameters: [{ name: 'tenant', in: 'path', required: true, schema: text }],
          responses: { 200: json('A JWK set', { type: 'object', required: ['keys'] }), 404: REFUSAL },
        },
      },
      '/openapi.json': {
        get: {
          operationId: 'openapi',
          summary: 'This document',
          responses: { 200: json('OpenAPI 3.1', { type: 'object' }) },
        },
      },
    },
  }
}
