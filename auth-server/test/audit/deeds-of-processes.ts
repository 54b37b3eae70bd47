import { formatRecord } from '@uthopp/audit/wire'
import { Browser } from '#test/support/browser.ts'
import { INTENT, launch } from '#test/support/launch.ts'
import { OUS } from '#test/support/stub-host.ts'
import { apiToken, json, type World } from '#test/support/world.ts'
import { aRecord } from './support.ts'

export type Answered = { readonly headers: Headers }
/** Readied beforehand, where a deed needs something to do it to; then the requests to the address itself, and their answers. */
export type Deed = (world: World) => Promise<() => Promise<readonly Answered[]>>

type Process = 'host' | 'launcher' | 'gateway'
const JSON_BODY = { 'content-type': 'application/json' }

const api = (method: string, path: string, as: Process, scope: string, body?: unknown): Deed => {
  const form = body instanceof URLSearchParams
  const type = form ? {} : JSON_BODY
  return async (world) => {
    const authorization = `Bearer ${await apiToken(world, as, scope)}`
    const sent = body === undefined ? {} : { body: form ? body : JSON.stringify(body) }
    return async () => [
      await fetch(`${world.issuer()}${path}`, { method, headers: { ...type, authorization }, ...sent }),
    ]
  }
}
const read = (path: string, method = 'GET'): Deed => {
  return async (world) => async () => [await fetch(`${world.issuer()}${path}`, { method })]
}

const APP = {
  redirect_uris: ['http://localhost:9999/'],
  scope: 'launch patient/Patient.r',
  token_endpoint_auth_method: 'none',
}
const registering = (world: World, body: unknown) =>
  fetch(`${world.issuer()}/register`, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(body) })

const managing =
  (method: string): Deed =>
  async (world) => {
    const body = await json(await registering(world, APP))
    const headers = { ...JSON_BODY, authorization: `Bearer ${String(body['registration_access_token'])}` }
    const changed = { ...APP, client_id: body['client_id'], client_name: 'Another name' }
    const sent = method === 'PUT' ? { body: JSON.stringify(changed) } : {}
    return async () => [await fetch(String(body['registration_client_uri']), { method, headers, ...sent })]
  }

const QUESTION = {
  subject: { type: 'clinician', id: 'stf101', properties: { role: 'agb101' } },
  context: {
    tenant: OUS,
    client_id: 'pacs-viewer',
    zone: 'internal',
    may_write: true,
    sender_constrained: false,
    launch_bound: true,
    launch_patient: 'cdp1001',
    grants: [],
    acr: 3,
  },
  resource: {
    type: 'fhir',
    id: 'Observation/o1',
    properties: { patient: 'cdp1001', labels: [], units: [], authors: [] },
  },
}
const EVALUATION = { ...QUESTION, action: { name: 'read' } }
const WHAT_IF = { user: 'stf101', role: 'agb101', client_id: 'pacs-viewer', patient: 'cdp1001' }

/** What processes ask, and what anybody may. */
export const DEEDS_OF_PROCESSES: readonly (readonly [string, Deed])[] = [
  ['GET /openapi.json', read('/openapi.json')],
  ['GET /.well-known/smart-configuration', read('/.well-known/smart-configuration')],
  ['GET /.well-known/openid-configuration', read('/.well-known/openid-configuration')],
  ['OPTIONS /.well-known/openid-configuration', read('/.well-known/openid-configuration', 'OPTIONS')],
  ['GET /jwks', read('/jwks')],
  ['OPTIONS /jwks', read('/jwks', 'OPTIONS')],
  ['OPTIONS /token', read('/token', 'OPTIONS')],
  ['OPTIONS /introspect', read('/introspect', 'OPTIONS')],
  ['OPTIONS /revoke', read('/revoke', 'OPTIONS')],
  [
    'GET /.well-known/authzen-configuration/:orgnr/pdp',
    async (world) => async () => [await fetch(`${world.auth}/.well-known/authzen-configuration/${OUS}/pdp`)],
  ],
  ['GET /apps', read('/apps')],
  [
    'POST /launches',
    async (world) => {
      await launch(world, new Browser(), { session: 'moved', workspace: 'moved' })
      const moved = { ...INTENT, session: 'moved', workspace: 'moved', patient: 'cdp1002' }
      return api('POST', '/launches', 'host', '__launch', moved)(world)
    },
  ],
  [
    'POST /launches/end',
    async (world) => {
      await launch(world, new Browser(), { session: 'ended' })
      return api('POST', '/launches/end', 'host', '__launch', { session: 'ended' })(world)
    },
  ],
  ['GET /launches/apps', api('GET', '/launches/apps', 'host', '__launch')],
  ['POST /register', async (world) => async () => [await registering(world, APP)]],
  ['GET /register/:client', managing('GET')],
  ['PUT /register/:client', managing('PUT')],
  ['DELETE /register/:client', managing('DELETE')],
  [
    'GET /revocations',
    async (world) => {
      const authorization = `Bearer ${await apiToken(world, 'gateway', '__revocations')}`
      return async () => {
        const answer = await fetch(`${world.issuer()}/revocations`, { headers: { authorization } })
        await answer.body?.cancel()
        return [answer]
      }
    },
  ],
  [
    'GET /explain/:correlation',
    async (world) => {
      const records = [formatRecord(aRecord({ correlationId: '5'.repeat(32) }))]
      for (const answer of await (await api('POST', '/audit/records', 'host', '__audit.write', { records })(world))())
        await json(answer as Response) // it is what `fetch` answered
      return api('GET', `/explain/${'5'.repeat(32)}`, 'host', '__audit.read')(world)
    },
  ],
  ['POST /explain/replay', api('POST', '/explain/replay', 'host', '__audit.read', { last: 1 })],
  ['POST /pdp/access/v1/evaluation', api('POST', '/pdp/access/v1/evaluation', 'gateway', '__pdp.evaluate', EVALUATION)],
  [
    'POST /pdp/access/v1/evaluations',
    api('POST', '/pdp/access/v1/evaluations', 'gateway', '__pdp.evaluate', { evaluations: [EVALUATION] }),
  ],
  ['POST /pdp/access/v1/search/:what', api('POST', '/pdp/access/v1/search/action', 'host', '__pdp.search', QUESTION)],
  ['POST /pdp/what-if', api('POST', '/pdp/what-if', 'launcher', '__pdp.search', WHAT_IF)],
  ['GET /pdp/rules', api('GET', '/pdp/rules', 'launcher', '__pdp.search')],
  [
    'POST /audit/records',
    api('POST', '/audit/records', 'host', '__audit.write', { records: [formatRecord(aRecord())] }),
  ],
  ['GET /audit/AuditEvent', api('GET', '/audit/AuditEvent', 'host', '__audit.read')],
  [
    'POST /audit/AuditEvent/_search',
    api('POST', '/audit/AuditEvent/_search', 'host', '__audit.read', new URLSearchParams({ patient: 'cdp1001' })),
  ],
  ['GET /audit/AuditEvent/:id', api('GET', '/audit/AuditEvent/none', 'host', '__audit.read')],
  ['GET /audit/patient/:patient', api('GET', '/audit/patient/cdp1001', 'host', '__audit.read')],
  ['GET /audit/activities', api('GET', '/audit/activities?activity=login', 'host', '__audit.read')],
]
