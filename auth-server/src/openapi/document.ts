import { auditPaths } from './audit-paths.ts'
import { interactionPaths } from './interaction-paths.ts'
import { launchPaths } from './launch-paths.ts'
import { oauthPaths } from './oauth-paths.ts'
import { json, type Paths } from './parts.ts'
import { explainPaths, metadataPaths, pdpPaths } from './policy-paths.ts'
import { processPaths } from './process-paths.ts'
import { schemas } from './schemas.ts'

/** Addresses below one issuer. */
const issuerPaths: Paths = {
  ...launchPaths,
  ...oauthPaths,
  ...interactionPaths,
  ...processPaths,
  ...auditPaths,
  ...explainPaths,
  ...pdpPaths,
}

/** Addresses at the root of the port. */
const rootPaths: Paths = {
  ...metadataPaths,
  '/openapi.json': {
    get: { tags: ['discovery'], summary: 'This document', responses: { 200: json('This document') } },
  },
  '/health/live': { get: { tags: ['operation'], summary: 'The process runs', responses: { 200: json('It does.') } } },
  '/health/ready': {
    get: {
      tags: ['operation'],
      summary: 'The process can serve',
      responses: { 200: json('It can.'), 503: json('Not yet, and why.') },
    },
  },
  '/metrics': {
    get: { tags: ['operation'], summary: 'Prometheus metrics', responses: { 200: { description: 'Text.' } } },
  },
}

const INFO = {
  title: 'Uthopp authorization server',
  version: '0.1.0',
  description:
    'SMART App Launch 2.2.0 for hospital hosts: offer, start and end launches; register apps; authorize them.',
}

const components = {
  schemas,
  securitySchemes: {
    hostToken: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'client_credentials with private_key_jwt.',
    },
    processToken: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'client_credentials with private_key_jwt.',
    },
  },
}

const underEachIssuer: Paths = Object.fromEntries(
  Object.entries(issuerPaths).map(([path, item]) => [`/{orgnr}${path}`, item]),
)

/** The description of one issuer, or of the whole port with the organisation number as a parameter of the path. */
export const openApi = (issuer: string | undefined): Readonly<Record<string, unknown>> => ({
  openapi: '3.1.0',
  info: INFO,
  ...(issuer === undefined ? {} : { servers: [{ url: issuer }] }),
  paths: issuer === undefined ? { ...rootPaths, ...underEachIssuer } : issuerPaths,
  components,
})
