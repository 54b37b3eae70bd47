import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { launch, refresh } from '#test/support/launch.ts'
import { tenantOf } from '@uthopp/storage/tenant'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { Browser } from '#test/support/browser.ts'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import { json, postForm, startWorld, type World } from '#test/support/world.ts'

const APP = {
  redirect_uris: ['http://localhost:9999/'],
  launch_uris: ['http://localhost:9999/launch.html'],
  token_endpoint_auth_method: 'none',
}

const registerAt = (issuer: string, metadata: unknown = APP) =>
  fetch(`${issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(metadata),
  })

describe('open registration', () => {
  test('takes so many a minute, good or bad, says when to come back, and counts each trust for itself', async (t) => {
    const world = await startWorld({ limits: { registrationsPerMinuteOfAddress: 3 } })
    t.after(() => world.close())
    const issuer = world.issuer()
    const answers = [await registerAt(issuer), await registerAt(issuer, { redirect_uris: 1 }), await registerAt(issuer)]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 400, 201],
    )
    const limited = await registerAt(issuer)
    assert.equal(limited.status, 429)
    assert.equal((await json(limited))['error'], 'temporarily_unavailable')
    const wait = Number(limited.headers.get('retry-after'))
    assert.ok(wait >= 1 && wait <= 60, String(wait))
    assert.equal((await registerAt(world.issuer(AHUS))).status, 201)
    world.clock.aheadMs += 61_000
    assert.equal((await registerAt(issuer)).status, 201)
  })
})

describe('a trust full of registered apps', () => {
  let world: World
  before(async () => {
    world = await startWorld({ limits: { registeredApps: 2 } })
  })
  after(() => world.close())

  test('lets the oldest unused one go for a new one, never one in use or one that has just come', async () => {
    const used = String((await json(await registerAt(world.issuer())))['client_id'])
    const changes = { client_id: used, redirect_uri: 'http://localhost:9999/', scope: 'launch patient/Patient.r' }
    const launched = await launch(world, new Browser(), { client_id: used }, changes)
    const unused = String((await json(await registerAt(world.issuer())))['client_id'])
    const full = await registerAt(world.issuer())
    assert.equal(full.status, 503)
    assert.equal((await json(full))['error'], 'temporarily_unavailable')
    assert.ok(Number(full.headers.get('retry-after')) > 0)
    world.clock.aheadMs += 10 * 60_000 + 1000
    assert.equal((await registerAt(world.issuer())).status, 201)
    const answer = await postForm(`${world.issuer()}/token`, { grant_type: 'authorization_code', client_id: unused })
    assert.equal((await json(answer))['error'], 'invalid_client')
    assert.equal(launched.tokens['scope'], 'launch patient/Patient.r')
    assert.equal((await registerAt(world.issuer())).status, 503)
  })
})

test('an app that is removed takes its grants, tokens and consents with it', async (t) => {
  const world = await startWorld()
  t.after(() => world.close())
  const metadata = { ...APP, scope: 'launch offline_access patient/Patient.r' }
  const clientId = String((await json(await registerAt(world.issuer(), metadata)))['client_id'])
  const changes = { client_id: clientId, redirect_uri: 'http://localhost:9999/', scope: metadata.scope }
  const { tokens } = await launch(world, new Browser(), { client_id: clientId }, changes)
  const introspect = async (token: string) =>
    (await postForm(`${world.issuer()}/introspect`, { token }, { authorization: `Bearer ${token}` })).status
  assert.equal(await introspect(String(tokens['access_token'])), 200)
  await createClientStore(world.db, tenantOf(OUS)).remove(clientId, new Date())
  assert.equal(await introspect(String(tokens['access_token'])), 401)
  assert.equal((await json(await refresh(world, tokens['refresh_token'])))['error'], 'invalid_grant')
})
