import { formatRecord } from '@uthopp/audit/wire'
import { Browser } from '#test/support/browser.ts'
import {
  authorize,
  authorizing,
  INTENT,
  launch,
  launchIdIn,
  locationOf,
  offer,
  start,
  submitStart,
} from '#test/support/launch.ts'
import { OUS, PASSWORD } from '#test/support/stub-host.ts'
import { fieldsOf, openPage, signIn, standalone, submit, submitAndFollow } from '#test/support/standalone.ts'
import { apiToken, json, postForm, type World } from '#test/support/world.ts'
import { denied } from '../policy/in-test-point.ts'
import { aRecord } from './support.ts'

type Answered = { readonly headers: Headers }
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

/** Somebody at a page of ours; answers what the browser needs to go on. */
async function atConsent(world: World, changes: Readonly<Record<string, string>> = {}) {
  const browser = new Browser()
  const request = standalone(world, { prompt: 'consent', ...changes })
  const { address } = await openPage(browser, request.url)
  await signIn(browser, address)
  const consent = await submitAndFollow(browser, address, { patient: 'cdp1001' })
  return { browser, request, address, consent }
}

const authorizationBy =
  (send: (browser: Browser, url: string) => Promise<Answered>): Deed =>
  async (world) => {
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { session: 'by-address' }))
    const { url } = authorizing(world, opened.searchParams.get('launch') ?? '')
    return async () => [
      await send(browser, url),
      await send(browser, url),
      await send(browser, authorizing(world, '', { client_id: 'nobody' }).url),
    ]
  }

/** While nothing is permitted. */
async function denying<T>(world: World, work: () => Promise<T>): Promise<T> {
  world.policy().answer = () => denied('no')
  try {
    return await work()
  } finally {
    world.policy().answer = () => undefined
  }
}

/** Asks each address, so that everything happens that can happen there. */
export const DEEDS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
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
    'POST /start/:secret',
    async (world) => {
      const { startUrl } = await offer(world, { session: 'by-address' })
      return async () => [
        await submitStart(world, new Browser(), startUrl),
        await submitStart(world, new Browser(), startUrl),
      ]
    },
  ],
  [
    'GET /start/:secret',
    async (world) => {
      const { startUrl } = await offer(world, { session: 'by-address' }, { as: 'launcher' })
      return async () => [await new Browser().navigate(startUrl), await new Browser().navigate(startUrl)]
    },
  ],
  [
    'GET /start/:launch/check',
    async (world) => {
      const browser = new Browser()
      const { startUrl } = await offer(world, { session: 'by-address' })
      const address = locationOf(await submitStart(world, browser, startUrl)).href
      return async () => [
        await browser.navigate(address),
        await new Browser().navigate(`${world.issuer()}/start/${launchIdIn(browser)}x/check`),
      ]
    },
  ],
  ['GET /auth', authorizationBy((browser, url) => browser.navigate(url))],
  [
    'POST /auth',
    authorizationBy((browser, url) => {
      const { origin, pathname, searchParams } = new URL(url)
      return browser.navigate(`${origin}${pathname}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:4101' },
        body: searchParams.toString(),
      })
    }),
  ],
  [
    'GET /auth/:interaction',
    async (world) => {
      const back = async (decision: string) => {
        const { browser, address, consent } = await atConsent(world)
        const fields = fieldsOf(consent)
        fields.set('decision', decision)
        return { browser, address: locationOf(await submit(browser, address, fields)).href }
      }
      const ways = [await back('allow'), await back('deny')]
      return () => Promise.all(ways.map(({ browser, address }) => browser.navigate(address)))
    },
  ],
  [
    'GET /interaction/:interaction',
    async (world) => {
      const { browser, address } = await atConsent(world)
      const beginner = new Browser()
      const begun = await openPage(beginner, standalone(world, { prompt: 'consent' }).url)
      await submit(beginner, begun.address, { username: 'stf101', password: PASSWORD })
      return async () => [
        await beginner.navigate(begun.address),
        await browser.navigate(address),
        await new Browser().navigate(address),
        await denying(world, () => browser.navigate(address)),
      ]
    },
  ],
  [
    'POST /interaction/:interaction',
    async (world) => {
      const browser = new Browser()
      const { address } = await openPage(browser, standalone(world, { prompt: 'consent' }).url)
      const [allowing, refusing, undone] = [await atConsent(world), await atConsent(world), await atConsent(world)]
      const fields = fieldsOf(allowing.consent)
      fields.set('decision', 'allow')
      return async () => [
        await submit(browser, address, { username: 'stf101', password: 'x' }),
        await submit(browser, address, { username: 'stf101', password: PASSWORD }),
        await submit(browser, address, { search: 'berg', action: 'search' }),
        await submit(allowing.browser, allowing.address, fields),
        await submit(refusing.browser, refusing.address, { decision: 'deny' }),
        await denying(world, () => submit(undone.browser, undone.address, { decision: 'allow' })),
        await submit(new Browser(), address, { decision: 'deny' }),
      ]
    },
  ],
  ['GET /apps', read('/apps')],
  [
    'POST /apps',
    async (world) => {
      const { browser, address, consent } = await atConsent(world)
      const fields = fieldsOf(consent)
      fields.set('decision', 'allow')
      await submit(browser, address, fields)
      const page = `${world.issuer()}/apps`
      return async () => [
        await submit(browser, page, { username: 'stf101', password: 'x' }),
        await submit(browser, page, { username: 'stf101', password: PASSWORD }),
        await submit(browser, page, { withdraw: 'pacs-viewer' }),
      ]
    },
  ],
  [
    'POST /token',
    async (world) => {
      const { request, redirect } = await authorize(world, new Browser(), { session: 'by-address' })
      const send = (form: Readonly<Record<string, string>>) => postForm(`${world.issuer()}/token`, form)
      const code = {
        grant_type: 'authorization_code',
        code: redirect.searchParams.get('code') ?? '',
        redirect_uri: request.redirectUri,
        client_id: request.clientId,
        code_verifier: request.verifier,
      }
      return async () => {
        const first = await send(code)
        const { refresh_token: token } = await json(first.clone())
        const refreshed = await send({ grant_type: 'refresh_token', refresh_token: String(token) })
        return [first, refreshed, await send(code)]
      }
    },
  ],
  [
    'POST /introspect',
    async (world) => {
      const { tokens } = await launch(world, new Browser(), { session: 'by-address' })
      const token = String(tokens['access_token'])
      return async () => [
        await postForm(`${world.issuer()}/introspect`, { token }, { authorization: `Bearer ${token}` }),
      ]
    },
  ],
  [
    'POST /revoke',
    async (world) => {
      const { tokens } = await launch(world, new Browser(), { session: 'by-address' })
      const form = { token: String(tokens['access_token']), client_id: 'pacs-viewer' }
      return async () => [await postForm(`${world.issuer()}/revoke`, form)]
    },
  ],
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
])
