import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { tenantOf } from '@uthopp/storage/tenant'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { gatewayToken, introspectWith, launchApp, registerApp } from '#test/support/apps.ts'
import { Browser } from '#test/support/browser.ts'
import { exchange, launch } from '#test/support/launch.ts'
import { standalone, throughPages } from '#test/support/standalone.ts'
import { OUS } from '#test/support/stub-host.ts'
import { ASSERTION_TYPE, callApi, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'

describe('what was decided about a grant', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const factsOf = async (token: unknown): Promise<unknown> =>
    (await introspectWith(world, await gatewayToken(world, '__introspect'), token)).body['grant']
  const service = async (scope: string) => {
    const key = await generateSigningKey('ES256')
    const clientId = await registerApp(world, {
      redirect_uris: undefined,
      launch_uris: undefined,
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      scope,
      jwks: publicJwks([key]),
    })
    const answer = await postForm(`${world.issuer()}/token`, {
      grant_type: 'client_credentials',
      scope,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await signAssertion({ clientId, audience: `${world.issuer()}/token`, key }),
    })
    return String((await json(answer))['access_token'])
  }
  const near = (value: unknown): boolean => Math.abs(Date.parse(String(value)) - Date.now()) < 10_000

  test('is told to the gateway: everything the host said when it offered the launch', async () => {
    const said = { decision: 'dec-7', purpose: 'ETREAT', acr: 4, session: 'session-9', workspace: 'tab-9' }
    const { tokens } = await launch(world, new Browser(), said)
    const { attested_at: at, launch: id, ...facts } = (await factsOf(tokens['access_token'])) as Record<string, unknown> // an object, or the next line fails
    assert.ok(near(at))
    assert.match(String(id), /^[a-z0-9]{22}$/)
    assert.deepEqual(facts, {
      kind: 'ehr',
      user_kind: 'clinician',
      role: 'agb101',
      zone: 'internal',
      may_write: true,
      ...said,
    })
  })

  test('was attested when the token was made, because policy was asked right before', async () => {
    const { tokens } = await launch(world)
    const asGateway = await gatewayToken(world, '__introspect')
    const { body } = await introspectWith(world, asGateway, tokens['access_token'])
    const facts = body['grant'] as Record<string, unknown> // as above
    assert.equal(Date.parse(String(facts['attested_at'])), Number(body['iat']) * 1000)
  })

  test('is ordinary care without any assurance where the host said nothing', async () => {
    const { tokens } = await launch(world)
    const facts = (await factsOf(tokens['access_token'])) as Record<string, unknown> // as above
    assert.deepEqual([facts['purpose'], facts['decision'], facts['acr']], ['TREAT', null, 0])
  })

  test('in a standalone launch names the role the person chose the patient in, and tells a citizen from staff', async () => {
    const facts = async (username: string) => {
      const browser = new Browser()
      const request = standalone(world)
      const code = (await throughPages(browser, request.url, { username })).searchParams.get('code') ?? ''
      const tokens = await json(await exchange(world, request, code))
      return (await factsOf(tokens['access_token'])) as Record<string, unknown> // as above
    }
    const { attested_at: at, ...staff } = await facts('stf101')
    assert.ok(near(at))
    assert.deepEqual(staff, {
      launch: null,
      kind: 'standalone',
      user_kind: 'clinician',
      role: 'agb101',
      decision: null,
      purpose: 'TREAT',
      acr: 0,
      session: null,
      workspace: null,
      zone: 'internal',
      may_write: true,
    })
    const citizen = await facts('cdp1005')
    assert.deepEqual([citizen['user_kind'], citizen['role']], ['citizen', null])
  })

  test('of a service without a person is nobody’s role and nobody’s decision', async () => {
    const { attested_at: at, ...facts } = (await factsOf(await service('system/Patient.rs'))) as Record<string, unknown> // as above
    assert.ok(near(at))
    assert.deepEqual(facts, {
      launch: null,
      kind: 'backend',
      user_kind: 'client',
      role: null,
      decision: null,
      purpose: null,
      acr: 0,
      session: null,
      workspace: null,
      zone: 'internal',
      may_write: true,
    })
  })

  test('says where the trust put the app, and that an app outside does not write unless the trust lets it', async () => {
    const clientId = await registerApp(world)
    const { tokens } = await launchApp(world, clientId)
    const clients = createClientStore(world.db, tenantOf(OUS))
    const client = await clients.find(clientId)
    assert.ok(client)
    for (const [changes, expected] of [
      [{ zone: 'external' }, ['external', false]],
      [{ zone: 'external', mayWrite: true }, ['external', true]],
      [{ zone: 'internal', mayWrite: false }, ['internal', false]],
    ] as const) {
      await clients.put({ ...client, ...changes })
      const facts = (await factsOf(tokens['access_token'])) as Record<string, unknown> // as above
      assert.deepEqual([facts['zone'], facts['may_write']], expected)
    }
  })

  test('is told to nobody else: not to the app, not to a service that may introspect, not to the gateway with another token', async () => {
    const { tokens } = await launch(world, new Browser(), { decision: 'dec-secret' })
    const { access_token: token } = tokens
    for (const bearer of [token, await service('__introspect')]) {
      const { body } = await introspectWith(world, bearer, token)
      assert.equal(body['active'], true)
      assert.ok(!('grant' in body) && !JSON.stringify(body).includes('dec-secret'))
    }
    assert.deepEqual((await introspectWith(world, await gatewayToken(world, '__revocations'), token)).body, {
      active: false,
    })
  })

  test('is gone with the launch', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'facts-end' })
    assert.ok(await factsOf(tokens['access_token']))
    await callApi(world, '/launches/end', { session: 'facts-end' })
    const { body } = await introspectWith(world, await gatewayToken(world, '__introspect'), tokens['access_token'])
    assert.deepEqual(body, { active: false })
  })

  test('takes a token for this purpose alone: one scope too many or another process gets none', async () => {
    assert.equal((await introspectWith(world, 'x.y.z')).status, 401)
    await assert.rejects(gatewayToken(world, '__launch'), /invalid_scope/)
    const issuer = world.issuer()
    const assertion = await signAssertion({ clientId: 'host', audience: `${issuer}/token`, key: world.host.key })
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
    }
    const answer = await postForm(`${issuer}/token`, { ...form, scope: '__introspect' })
    assert.equal((await json(answer))['error'], 'invalid_scope')
  })
})
