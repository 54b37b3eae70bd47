import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { INTENT, launch, offer } from '#test/support/launch.ts'
import { tenantOf } from '@uthopp/storage/tenant'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import { callApi, hostToken, json, postForm, startWorld, type World } from '#test/support/world.ts'

describe('an offer', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const refused = async (
    body: unknown,
    status: number,
    code: string,
    hint: RegExp,
    options: Parameters<typeof callApi>[3] = {},
  ) => {
    const answer = await callApi(world, '/launches', body, options)
    const { error, error_description: description, correlation_id: correlation } = await json(answer)
    assert.deepEqual({ status: answer.status, error }, { status, error: code }, String(description))
    assert.match(String(description), hint)
    assert.match(String(correlation), /^[0-9a-f]{32}$/)
  }

  test('names an unknown member', async () => {
    await refused({ ...INTENT, acr_values: '4' }, 400, 'invalid_request', /`acr_values`/)
    await refused(
      { ...INTENT, fhirContext: [{ reference: 'ImagingStudy/img1', note: 'x' }] },
      400,
      'invalid_request',
      /note/,
    )
  })

  test('that names another trust’s user, role or patient is refused like one that names nobody', async () => {
    await refused({ ...INTENT, user: 'stf201', role: undefined }, 400, 'invalid_request', /`user`/)
    await refused({ ...INTENT, user: 'nobody' }, 400, 'invalid_request', /`user`/)
    await refused({ ...INTENT, role: 'agb201' }, 400, 'invalid_request', /`role`/)
    await refused({ ...INTENT, patient: 'cdp2001' }, 400, 'invalid_request', /`patient`/)
    await refused(INTENT, 400, 'invalid_request', /`user`/, { orgnr: AHUS })
  })

  test('with an encounter of another patient, or a reference nobody knows, is refused', async () => {
    await refused({ ...INTENT, encounter: 'enc2' }, 400, 'invalid_request', /`encounter`/)
    await refused(
      { ...INTENT, fhirContext: [{ reference: 'ImagingStudy/img9' }] },
      400,
      'invalid_request',
      /`fhirContext`/,
    )
    const { tokens } = await launch(world, undefined, { fhirContext: [{ reference: 'ImagingStudy/img1' }] })
    assert.deepEqual(tokens['fhirContext'], [{ reference: 'ImagingStudy/img1' }])
  })

  test('without a role takes the person’s only one, or names those there are', async () => {
    await offer(world, { role: undefined })
    await refused({ ...INTENT, user: 'stf102', role: undefined }, 400, 'invalid_request', /`agb102`, `agb103`/)
  })

  test('of an unknown app, a host instead of an app, or an address the app has not registered is refused', async () => {
    await refused({ ...INTENT, client_id: 'nobody' }, 400, 'invalid_request', /`client_id`/)
    await refused({ ...INTENT, client_id: 'host' }, 403, 'unauthorized_client', /approved/)
    await refused({ ...INTENT, launch_uri: 'http://localhost:4101/other.html' }, 400, 'invalid_request', /`launch_uri`/)
    await refused(
      { ...INTENT, launch_uri: 'http://localhost:4101/launch.html/more' },
      400,
      'invalid_request',
      /`launch_uri`/,
    )
    await offer(world, { launch_uri: 'http://localhost:4101/launch.html' })
  })

  test('is not made while the directory cannot be asked', async () => {
    world.host.down.value = true
    try {
      await refused(INTENT, 503, 'temporarily_unavailable', /directory/)
    } finally {
      world.host.down.value = false
    }
  })

  test('larger than 64 kB, of another type or of broken JSON is refused', async () => {
    await refused({ ...INTENT, purpose: 'x'.repeat(70_000) }, 413, 'payload_too_large', /larger/)
    await refused('{', 400, 'invalid_request', /JSON/)
    await refused([], 400, 'invalid_request', /object/)
    const answer = await fetch(`${world.issuer()}/launches`, {
      method: 'POST',
      body: 'x=1',
      headers: { authorization: `Bearer ${await hostToken(world)}`, 'content-type': 'text/plain' },
    })
    assert.equal(answer.status, 415)
  })

  test('needs a token of this trust for the launch API, held by a host', async () => {
    const post = (authorization: string | undefined, orgnr?: string) =>
      fetch(`${world.issuer(orgnr)}/launches`, {
        method: 'POST',
        body: JSON.stringify(INTENT),
        headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) },
      })
    const { tokens } = await launch(world)
    for (const authorization of [
      undefined,
      'Bearer x.y.z',
      `Bearer ${String(tokens['access_token'])}`,
      `Bearer ${String(tokens['id_token'])}`,
    ]) {
      const answer = await post(authorization)
      assert.equal(answer.status, 401)
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
    }
    assert.equal((await post(`Bearer ${await hostToken(world)}`, AHUS)).status, 401)
  })

  test('needs a host that still is registered: one that lost the scope is refused, one that has gone is nobody', async () => {
    const bearer = { authorization: `Bearer ${await hostToken(world)}` }
    const ask = async () => (await fetch(`${world.issuer()}/launches/apps`, { headers: bearer })).status
    const clients = createClientStore(world.db, tenantOf(OUS))
    const host = await clients.find('host')
    assert.ok(host)
    assert.equal(await ask(), 200)
    await clients.put({ ...host, scope: '__audit.write' })
    assert.equal(await ask(), 403)
    await clients.put({ ...host, host: undefined })
    assert.equal(await ask(), 403)
    await clients.remove('host', new Date())
    assert.equal(await ask(), 401)
    await clients.put(host)
    assert.equal(await ask(), 200)
  })

  test('is not taken with a token that was good before, once it has expired or with another signature', async () => {
    const token = await hostToken(world)
    const statusWith = async (bearer: string) => {
      const headers = { authorization: `Bearer ${bearer}` }
      return (await fetch(`${world.issuer()}/launches/apps`, { headers })).status
    }
    assert.deepEqual([await statusWith(token), await statusWith(token)], [200, 200])
    assert.equal(await statusWith(token.replace(/[^.]+$/, 'A'.repeat(86))), 401)
    world.clock.aheadMs += 301_000
    try {
      assert.equal(await statusWith(token), 401)
    } finally {
      world.clock.aheadMs -= 301_000
    }
  })

  test('an app has no way to a `__launch` token', async () => {
    const answer = await postForm(`${world.issuer()}/token`, {
      grant_type: 'client_credentials',
      scope: '__launch',
      client_id: 'pacs-viewer',
    })
    assert.equal(answer.status, 400)
    assert.equal((await json(answer))['access_token'], undefined)
  })

  test('shows a host which apps the trust has approved', async () => {
    const answer = await fetch(`${world.issuer()}/launches/apps`, {
      headers: { authorization: `Bearer ${await hostToken(world)}` },
    })
    const { apps } = (await json(answer)) as { apps: readonly Record<string, unknown>[] }
    assert.deepEqual(
      apps.map((app) => [app['client_id'], app['demo_approved']]),
      [
        ['nutrition', false],
        ['pacs-viewer', false],
      ],
    )
    assert.equal((await fetch(`${world.issuer()}/launches/apps`)).status, 401)
  })
})
