import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { formatRecord } from '@uthopp/audit/wire'
import { LOG_OF_ROUTE } from '#src/audit/route-activities.ts'
import { aRecord, logged } from '#test/audit/support.ts'
import { Browser } from '#test/support/browser.ts'
import { authorizing, INTENT, launch } from '#test/support/launch.ts'
import { OUS } from '#test/support/stub-host.ts'
import { apiToken, json, postForm, startWorld, type World } from '#test/support/world.ts'

const CHOSEN = 'deadbeef'.repeat(4)
const TRACE = { traceparent: `00-${CHOSEN}-00f067aa0ba902b7-01` }
const correlationOf = ({ headers }: { readonly headers: Headers }) => headers.get('x-correlation-id') ?? ''

/** Ours, whole, and not what the caller wanted. */
function assertOurs(answer: { readonly headers: Headers }): string {
  const id = correlationOf(answer)
  assert.match(id, /^[0-9a-f]{32}$/)
  assert.notEqual(id, CHOSEN)
  assert.ok(answer.headers.get('traceparent')?.startsWith(`00-${id}-`))
  return id
}

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

const sendTo = (door: string, headers: Readonly<Record<string, string>>, body?: string) => {
  const [method = '', template = ''] = door.split(' ')
  const path = template.replace(':orgnr', OUS).replaceAll(/:\w+/g, 'x')
  const place = template.startsWith('/.well-known/authzen') ? world.auth : world.issuer()
  return fetch(`${place}${path}`, {
    method,
    headers: { ...TRACE, ...headers },
    redirect: 'manual',
    ...(method === 'POST' || method === 'PUT' ? { body: body ?? 'x=1' } : {}),
  })
}

describe('a correlation id that somebody outside chose', () => {
  let bearer: Readonly<Record<string, string>>
  before(async () => {
    const { tokens } = await launch(world)
    bearer = { authorization: `Bearer ${String(tokens['access_token'])}` }
  })

  for (const door of LOG_OF_ROUTE.keys())
    test(`is not taken at ${door}, from a stranger or an app`, async () => {
      for (const headers of [{}, bearer]) {
        const answer = await sendTo(door, headers)
        await answer.body?.cancel()
        assertOurs(answer)
      }
    })

  test('stands in no record of what an app or a browser did, whether it was let or not', async () => {
    const { tokens } = await launch(world)
    const refreshed = await postForm(
      `${world.issuer()}/token`,
      { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) },
      TRACE,
    )
    assert.equal(refreshed.status, 200)
    const id = assertOurs(refreshed)
    const { access_token: token } = await json(refreshed)
    assertOurs(await new Browser().navigate(authorizing(world, 'none').url, { headers: TRACE }))
    const wrong = await postForm(`${world.issuer()}/token`, { grant_type: 'refresh_token', refresh_token: 'x' }, TRACE)
    assert.equal(wrong.status, 400)
    assertOurs(wrong)
    const mine = { ...TRACE, authorization: `Bearer ${String(token)}` }
    const asked = await postForm(`${world.issuer()}/introspect`, { token: String(token) }, mine)
    assert.equal((await json(asked))['active'], true)
    const last = assertOurs(asked)
    const records = await logged(world, (all) => all.some(({ correlationId }) => correlationId === last))
    const told = records.map(({ activity, correlationId }) => `${activity} ${correlationId}`)
    for (const expected of [`token-refreshed ${id}`, `token-introspected ${last}`]) assert.ok(told.includes(expected))
    assert.deepEqual(
      told.filter((one) => one.endsWith(CHOSEN)),
      [],
    )
  })

  test('is not learnt from whom a token calls itself: an app that holds `__introspect` stays an app', async () => {
    const registered = await json(
      await fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_name: 'host',
          redirect_uris: ['http://localhost:4101/index.html'],
          scope: 'launch patient/Patient.r __introspect',
          token_endpoint_auth_method: 'client_secret_post',
          grant_types: ['authorization_code', 'refresh_token'],
        }),
      }),
    )
    const clientId = String(registered['client_id'])
    const form = { client_id: clientId, client_secret: String(registered['client_secret']), token: 'x' }
    const answer = await postForm(`${world.issuer()}/introspect`, form, TRACE)
    assert.equal(answer.status, 200)
    assertOurs(answer)
  })
})

describe('the correlation id of a process of ours', () => {
  const JSON_BODY = { 'content-type': 'application/json' }
  type Door = {
    readonly as: 'host' | 'launcher' | 'gateway'
    readonly scope: string
    readonly body?: unknown
    readonly form?: string
  }
  const doors: Readonly<Record<string, Door>> = {
    'POST /launches': { as: 'host', scope: '__launch', body: INTENT },
    'POST /launches/end': { as: 'host', scope: '__launch', body: { session: 'none' } },
    'GET /launches/apps': { as: 'launcher', scope: '__launch' },
    'GET /revocations': { as: 'gateway', scope: '__revocations' },
    'POST /introspect': { as: 'gateway', scope: '__introspect', form: 'token=x' },
    'POST /pdp/access/v1/evaluation': { as: 'gateway', scope: '__pdp.evaluate', body: {} },
    'POST /pdp/access/v1/evaluations': { as: 'gateway', scope: '__pdp.evaluate', body: {} },
    'POST /pdp/access/v1/search/action': { as: 'host', scope: '__pdp.search', body: {} },
    'POST /pdp/what-if': { as: 'launcher', scope: '__pdp.search', body: {} },
    'GET /pdp/rules': { as: 'launcher', scope: '__pdp.search' },
    'GET /explain/x': { as: 'launcher', scope: '__audit.read' },
    'POST /explain/replay': { as: 'launcher', scope: '__audit.read', body: {} },
    'GET /audit/AuditEvent': { as: 'host', scope: '__audit.read' },
    'GET /audit/patient/cdp1001': { as: 'host', scope: '__audit.read' },
    'GET /audit/activities': { as: 'launcher', scope: '__audit.read' },
  }
  for (const [door, { as, scope, body, form }] of Object.entries(doors))
    test(`goes on at ${door}`, async () => {
      const authorization = `Bearer ${await apiToken(world, as, scope)}`
      const type = form === undefined ? JSON_BODY : { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await sendTo(door, { authorization, ...type }, form ?? JSON.stringify(body))
      await answer.body?.cancel()
      assert.notEqual(answer.status, 401)
      assert.equal(correlationOf(answer), CHOSEN)
      const forged = await sendTo(door, { authorization: `${authorization}x`, ...type }, form ?? JSON.stringify(body))
      await forged.body?.cancel()
      assert.equal(forged.status, 401)
      assertOurs(forged)
    })

  test('goes on at POST /audit/records, and names what the records of a launch are found by', async () => {
    const records = [formatRecord(aRecord({ correlationId: CHOSEN, patient: 'cdp1009' }))]
    const authorization = `Bearer ${await apiToken(world, 'host', '__audit.write')}`
    const answer = await sendTo('POST /audit/records', { ...JSON_BODY, authorization }, JSON.stringify({ records }))
    assert.equal(answer.status, 200)
    assert.equal(correlationOf(answer), CHOSEN)
    const told = await logged(world, (all) =>
      all.some(({ activity, correlationId }) => activity === 'launch-offered' && correlationId === CHOSEN),
    )
    assert.ok(told.length > 0)
  })
})
