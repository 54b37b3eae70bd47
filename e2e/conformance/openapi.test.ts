import { expect, test } from '@playwright/test'
import { createHash, randomBytes } from 'node:crypto'
import { addresses, OUS } from '../lib/addresses.ts'
import { DEMO_PASSWORD } from '../lib/demo-password.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { clientFrom, type Heard } from './openapi-client.ts'

const world = addresses()
const REDIRECT = 'http://127.0.0.1:59996/redirect'
const SCOPE = 'launch openid fhirUser online_access patient/Patient.r'

const member = (heard: Heard, name: string): string => String((heard.body as Readonly<Record<string, unknown>>)[name]) // checked against the document before

const METADATA = {
  client_name: 'Made from a document',
  redirect_uris: [REDIRECT],
  launch_uris: ['http://127.0.0.1:59996/launch'],
  scope: SCOPE,
  grant_types: ['authorization_code', 'refresh_token'],
  token_endpoint_auth_method: 'none',
}

test('a client made from the OpenAPI documents takes an app from registration to revocation, and every answer is as described', async () => {
  const [server, launcher] = [
    await clientFrom(`${world.issuer(OUS)}/openapi.json`),
    await clientFrom(`${world.launcher}/openapi.json`),
  ]
  const clientId = member(await server.call('post', '/register', { json: METADATA }), 'client_id')
  const offer = { tenant: OUS, client_id: clientId }
  const started = member(await launcher.call('post', '/api/launches', { json: offer }), 'start_url')
  const secret = started.slice(started.lastIndexOf('/') + 1)
  const browser = new HttpBrowser()
  const arrived = await browser.walk(await browser.get(server.addressOf('/start/{secret}', { path: { secret } })))
  const verifier = randomBytes(48).toString('base64url')
  const query = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: REDIRECT,
    scope: SCOPE,
    state: randomBytes(24).toString('base64url'),
    aud: world.fhirBase(OUS),
    launch: new URL(arrived.location ?? 'about:blank').searchParams.get('launch') ?? '',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  const granted = await browser.walk(await browser.get(server.addressOf('/auth', { query })))
  const code = new URL(granted.location ?? 'about:blank').searchParams.get('code') ?? ''
  const exchange = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier }
  const tokens = await server.call('post', '/token', { form: { ...exchange, client_id: clientId } })
  expect(tokens.status).toBe(200)
  const refresh = { grant_type: 'refresh_token', refresh_token: member(tokens, 'refresh_token'), client_id: clientId }
  const refreshed = await server.call('post', '/token', { form: refresh })
  expect(refreshed.status).toBe(200)
  const token = member(refreshed, 'access_token')
  const headers = { authorization: `Bearer ${token}` }
  expect(member(await server.call('post', '/introspect', { form: { token }, headers }), 'active')).toBe('true')
  const revoke = { token: member(refreshed, 'refresh_token'), client_id: clientId }
  expect((await server.call('post', '/revoke', { form: revoke })).status).toBe(200)
  expect((await server.call('post', '/token', { form: { ...refresh, refresh_token: revoke.token } })).status).toBe(400)
})

test('refusals of the authorization server are as its document describes them', async () => {
  const server = await clientFrom(`${world.issuer(OUS)}/openapi.json`)
  const long = 'x'.repeat(66_000)
  const statuses = async (answers: readonly Promise<Heard>[]) =>
    (await Promise.allSettled(answers)).map((one) =>
      one.status === 'fulfilled' ? one.value.status : String(one.reason),
    )
  const json = { 'content-type': 'application/json' }
  expect(
    await statuses([
      server.call('post', '/register', { json: {} }, 'wrong'),
      server.call('post', '/register', { json: { ...METADATA, client_name: long } }, 'wrong'),
      server.call('post', '/register', { json: METADATA, headers: { 'content-type': 'text/plain' } }, 'wrong'),
      server.call('post', '/token', { form: { grant_type: 'password' } }, 'wrong'),
      server.call('post', '/token', { form: { grant_type: 'authorization_code', code: 'x', client_id: 'nobody' } }),
      server.call('post', '/token', { form: { grant_type: long } }, 'wrong'),
      server.call('post', '/introspect', { form: { token: 'x' } }),
      server.call('post', '/introspect', { form: { token: long } }),
      server.call('post', '/revoke', { form: { token: 'x', client_id: 'nobody' } }, 'wrong'),
      server.call('post', '/revoke', { form: {}, headers: json }, 'wrong'),
      server.call('post', '/revoke', { form: { token: long } }),
      server.call('post', '/launches', { json: {} }, 'wrong'),
      server.call('post', '/launches/end', { json: { session: 's' } }),
      server.call('get', '/launches/apps'),
      server.call('get', '/auth', { query: { client_id: 'nobody' } }),
      server.call('post', '/auth', { form: { client_id: long } }, 'wrong'),
      server.call('get', '/start/{secret}', { path: { secret: 'unknown' } }),
      server.call('get', '/interaction/{interaction}', { path: { interaction: 'unknown' } }),
    ]),
  ).toEqual([400, 413, 415, 400, 401, 413, 401, 413, 401, 400, 413, 401, 401, 401, 400, 413, 410, 400])
})

test('what the launcher, the gateway and the host answer to anybody is as their documents describe it', async () => {
  const [launcher, gateway, host] = [
    await clientFrom(`${world.launcher}/openapi.json`),
    await clientFrom(`${world.gateway}/openapi.json`),
    await clientFrom(`${world.host}/openapi.json`),
  ]
  const credentials = { username: 'nordmann', password: DEMO_PASSWORD }
  const path = { orgnr: OUS, tenant: OUS, study: '1.2.3', id: 'x' }
  const origin = { origin: world.host }
  for (const [client, method, template, sent, status] of [
    [launcher, 'get', '/api/world', {}, 200],
    [launcher, 'get', '/{tenant}/jwks.json', { path }, 200],
    [launcher, 'post', '/api/launches', { json: { tenant: OUS, client_id: 'nobody' } }, 400],
    [gateway, 'get', '/jwks.json', {}, 200],
    [gateway, 'get', '/health/live', {}, 200],
    [gateway, 'get', '/health/ready', {}, 200],
    [gateway, 'get', '/metrics', {}, 200],
    [gateway, 'get', '/{orgnr}/fhir/.well-known/smart-configuration', { path }, 200],
    [gateway, 'get', '/brands.json', {}, 200],
    [gateway, 'get', '/{orgnr}/app-state/Basic', { path }, 401],
    [gateway, 'put', '/{orgnr}/app-state/Basic/{id}', { path, json: {} }, 401],
    [gateway, 'delete', '/{orgnr}/app-state/Basic/{id}', { path }, 401],
    [gateway, 'get', '/{orgnr}/dicomweb/studies', { path }, 401],
    [gateway, 'get', '/{orgnr}/dicomweb/studies/{study}/metadata', { path }, 401],
    [host, 'get', '/health/ready', {}, 200],
    [host, 'get', '/{orgnr}/jwks.json', { path }, 200],
    [host, 'get', '/{orgnr}/api/trust', { path }, 200],
    [host, 'get', '/{orgnr}/api/session', { path }, 401],
    [host, 'get', '/{orgnr}/api/unit', { path }, 401],
    [host, 'post', '/{orgnr}/api/session', { path, json: credentials, headers: origin }, 201],
    [
      host,
      'post',
      '/{orgnr}/api/session',
      { path, json: credentials, headers: { origin: 'https://evil.example' } },
      403,
    ],
    [host, 'post', '/{orgnr}/directory/users/find', { path, json: { user: 'stf101' } }, 401],
  ] as const)
    expect([template, (await client.call(method, template, sent)).status]).toEqual([template, status])
})
