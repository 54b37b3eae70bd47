import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, beforeEach, describe, test } from 'node:test'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { listen, type Listening } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import { createLauncher } from '#src/launcher-app.ts'
import { openapi } from '#src/openapi.ts'
import { OUS, startPlatform } from './platform.ts'

const lines: string[] = []
const platform = await startPlatform()

let launcher: Listening
let production: Listening
let base: string

before(async () => {
  const json = (world: string, at: string) => ({
    world,
    addresses: { launcher: at, host: at, auth: at, gateway: at },
    trusts: [{ orgnr: OUS, name: 'Oslo universitetssykehus HF', shortName: 'OUS' }],
  })
  launcher = await open(parseDeployment(json('demo', platform.origin)))
  production = await open(parseDeployment(json('production', 'https://launcher.example')))
  base = `http://localhost:${launcher.port}`
})
after(async () => {
  await Promise.all([launcher.close(), production.close()])
  platform.close()
})
beforeEach(() => {
  platform.offers.length = 0
  platform.refusesOffers = false
})

async function open(deployment: Deployment): Promise<Listening> {
  const held = { port: 0 }
  const log = createLog({ name: 'launcher', write: (line) => lines.push(line) })
  const keys = new Map([[OUS, await generateSigningKey('ES256')]])
  const app = createLauncher({
    deployment,
    keys,
    log,
    metrics: createMetrics({ name: 'launcher' }),
    port: () => held.port,
  })
  const listening = await listen(app.handler, { port: 0, name: 'launcher' })
  held.port = listening.port
  return listening
}

async function compose(body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${base}/api/launches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}

describe('the launcher’s script API', () => {
  test('composes a launch for the default clinician and patient', async () => {
    const { status, body } = await compose({ tenant: OUS, client_id: 'nutrition' })
    assert.equal(status, 201)
    assert.deepEqual(Object.keys(body).sort(), ['iss', 'launch', 'start_url'])
    assert.match(body['iss'] ?? '', new RegExp(`/${OUS}/fhir$`))
    const { user, role, patient } = platform.offers[0] ?? {}
    assert.deepEqual({ user, role, patient }, { user: 'stf101', role: 'agb101', patient: 'cdp1004' })
  })

  test('gives a named user a patient in that person’s care, and `patient: null` none', async () => {
    await compose({ tenant: OUS, client_id: 'nutrition', user: 'stf102' })
    assert.equal(platform.offers[0]?.['patient'], 'cdp1001')
    assert.equal('role' in (platform.offers[0] ?? {}), false)
    await compose({ tenant: OUS, client_id: 'nutrition', patient: null })
    assert.equal('patient' in (platform.offers[1] ?? {}), false)
  })

  test('tells the whole world, apps with the trusts that approved them', async () => {
    const world = (await (await fetch(`${base}/api/world`)).json()) as {
      apps: unknown[]
      units: unknown
      defaults: unknown
    }
    assert.deepEqual(world.defaults, { [OUS]: { user: 'stf101', role: 'agb101', patient: 'cdp1004' } })
    assert.deepEqual(world.units, [{ unit: 'lok101', name: 'Akuttmottak', tenant: OUS }])
    assert.equal(world.apps.length, 1)
  })

  test('passes the authorization server’s refusal on with its own correlation id', async () => {
    platform.refusesOffers = true
    const { status, body } = await compose({ tenant: OUS, client_id: 'nutrition' })
    assert.equal(status, 400)
    assert.equal(body['error'], 'invalid_request')
    assert.match(body['correlation_id'] ?? '', /^[0-9a-f]{32}$/)
  })

  test('begins a trace of its own, whatever trace a browser brings', async () => {
    const foreign = '0af7651916cd43dd8448eb211c80319c'
    const headers = { traceparent: `00-${foreign}-b7ad6b7169203331-01` }
    const answer = await fetch(`${base}/api/world`, { headers })
    assert.equal(answer.status, 200)
    assert.notEqual(answer.headers.get('x-correlation-id'), foreign)
  })

  test('tells an authorization server or directory that is down as 503, to be tried again', async () => {
    const nobody = 'http://127.0.0.1:9'
    const alone = await open(
      parseDeployment({
        world: 'demo',
        addresses: { launcher: nobody, host: nobody, auth: nobody, gateway: nobody },
        trusts: [{ orgnr: OUS, name: 'Oslo universitetssykehus HF', shortName: 'OUS' }],
      }),
    )
    try {
      const answers = await Promise.all([
        fetch(`http://localhost:${alone.port}/api/world`),
        fetch(`http://localhost:${alone.port}/api/registrations`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ tenant: OUS, metadata: {} }),
        }),
      ])
      assert.deepEqual(
        answers.map(({ status, headers }) => [status, headers.get('retry-after')]),
        [
          [503, '2'],
          [503, '2'],
        ],
      )
    } finally {
      await alone.close()
    }
  })

  test('names an unknown member, a missing one and an unknown trust', async () => {
    assert.match(
      (await compose({ tenant: OUS, client_id: 'x', surprise: 1 })).body['error_description'] ?? '',
      /surprise/,
    )
    assert.match((await compose({ tenant: OUS })).body['error_description'] ?? '', /client_id/)
    assert.match((await compose({ tenant: '999999999', client_id: 'x' })).body['error_description'] ?? '', /tenant/)
  })

  test('answers no page of another origin, no rebound host, no form', async () => {
    const body = { tenant: OUS, client_id: 'nutrition' }
    assert.equal((await compose(body, { origin: 'http://evil.test' })).status, 403)
    assert.equal((await compose(body, { origin: 'null' })).status, 403)
    assert.equal((await compose(body, { origin: base })).status, 201)
    const form = await fetch(`${base}/api/launches`, { method: 'POST', body: new URLSearchParams({ tenant: OUS }) })
    assert.equal(form.status, 415)
    assert.equal(form.headers.get('access-control-allow-origin'), null)
    assert.equal(await statusUnderHost('evil.test'), 403)
  })

  test('does not exist in production', async () => {
    for (const path of ['/api/world', '/api/launches', '/api/rules', `/api/launches/${'0'.repeat(32)}/trace`]) {
      assert.equal((await fetch(`http://localhost:${production.port}${path}`)).status, 404)
    }
  })

  test('asks about decisions with the scope each door takes, and hands answers back as they are', async () => {
    const send = async (path: string, body?: unknown) => {
      const posted = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      const answer = await fetch(`${base}${path}`, body === undefined ? {} : posted)
      return { status: answer.status, body: await answer.json() }
    }
    assert.deepEqual(await send(`/api/launches/${'a'.repeat(32)}/trace?tenant=${OUS}`), {
      status: 200,
      body: { entries: [] },
    })
    assert.deepEqual((await send(`/api/rules?tenant=${OUS}`)).body, { version: 'v', rules: {} })
    assert.deepEqual((await send('/api/what-if', { tenant: OUS, user: 'stf101' })).body, {
      path: '/pdp/what-if',
      asked: { user: 'stf101' },
    })
    assert.deepEqual((await send('/api/replay', { tenant: OUS, last: 5 })).body, {
      path: '/explain/replay',
      asked: { last: 5 },
    })
    assert.ok(platform.scopes.includes('__audit.read') && platform.scopes.includes('__pdp.search'))
    assert.equal((await send(`/api/launches/${'a'.repeat(32)}/trace?tenant=nobody`)).status, 400)
    assert.equal((await send(`/api/launches/..%2Faudit/trace?tenant=${OUS}`)).status, 404)
    assert.equal((await send('/api/what-if', { tenant: '999999999' })).status, 400)
    assert.equal((await send('/api/what-if', [])).status, 400)
  })

  test('plays the registers of a trust with its own key, in the demo world alone', async () => {
    const send = async (body: unknown, port = launcher.port) => {
      const posted = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
      return fetch(`http://localhost:${port}/api/facts`, posted)
    }
    const entry = { event: 'admit', patient: 'cdp1004', unit: 'lok101' }
    const answer = await send({ tenant: OUS, register: 'adt', entry })
    const { asked, by } = (await answer.json()) as { asked: unknown; by: string } // what the stub says
    assert.deepEqual([answer.status, asked], [200, entry])
    const claims: unknown = JSON.parse(Buffer.from(by.split('.')[1] ?? '', 'base64url').toString('utf8'))
    assert.equal((claims as { scope: unknown }).scope, '__facts.write') // the launcher made it
    assert.equal((await send({ tenant: OUS, register: 'blocks/lift', entry: { id: 'b1' } })).status, 204)
    assert.equal((await send({ tenant: OUS, register: 'cases', entry })).status, 400)
    assert.equal((await send({ tenant: OUS, register: '../directory/world', entry })).status, 400)
    assert.equal((await send({ tenant: '999999999', register: 'adt', entry })).status, 400)
    assert.equal((await send({ tenant: OUS, register: 'adt', entry }, production.port)).status, 404)
  })

  test('describes every route of its API', () => {
    const { paths } = openapi(
      parseDeployment({
        world: 'demo',
        addresses: { launcher: base, host: base, auth: base, gateway: base },
        trusts: [{ orgnr: OUS, name: 'x', shortName: 'x' }],
      }),
    ) as { paths: object }
    assert.deepEqual(Object.keys(paths).sort(), [
      '/api/facts',
      '/api/launches',
      '/api/launches/{correlation}/trace',
      '/api/registrations',
      '/api/replay',
      '/api/rules',
      '/api/what-if',
      '/api/world',
      '/openapi.json',
      '/{tenant}/jwks.json',
    ])
  })

  test('logs route templates and nothing it was told', () => {
    assert.ok(lines.some((line) => line.includes('/api/launches')))
    assert.ok(lines.every((line) => !line.includes('handle') && !line.includes('as.test')))
  })
})

/** fetch may not set `Host`; a raw request may. */
function statusUnderHost(name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: launcher.port,
      path: '/api/world',
      headers: { host: `${name}:${launcher.port}` },
    }
    const asked = request(options, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
    asked.once('error', reject)
    asked.end()
  })
}
