import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { sql } from '@uthopp/storage/sql'
import { gatewayToken, introspectWith, launchApp, registerApp } from '#test/support/apps.ts'
import { openStream } from '#test/revocations/stream-reader.ts'
import { ASSERTION_TYPE, callApi, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'
import { launch, refresh } from '#test/support/launch.ts'

const INACTIVE = { status: 200, body: { active: false } }

describe('opaque access tokens', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const opaqueApp = () => registerApp(world, { access_token_format: 'opaque' })
  const revoke = (token: unknown, clientId: string) =>
    postForm(`${world.issuer()}/revoke`, { token: String(token), client_id: clientId })

  test('are for the clients registered for them and no others, say nothing themselves, and are kept hashed', async () => {
    const { tokens } = await launchApp(world, await opaqueApp())
    const token = String(tokens['access_token'])
    assert.match(token, /^[\w-]{43}$/)
    assert.equal(tokens['token_type'], 'Bearer')
    assert.equal(tokens['expires_in'], 300)
    assert.equal(tokens['patient'], 'cdp1001')
    const kept = await world.db.acrossTenants.all<Record<string, unknown>>(sql`select * from oidc`)
    assert.ok(kept.some(({ model }) => model === 'AccessToken'))
    assert.ok(!JSON.stringify(kept).includes(token))
    assert.ok(world.lines.every((line) => !line.includes(token)))
    const other = await launch(world)
    assert.match(String(other.tokens['access_token']), /^[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  test('tell by introspection what a JWT of the same launch carries (contracts §6; SAL-188, SAL-189)', async () => {
    const said = { encounter: 'enc1', intent: 'x', decision: 'dec-1' }
    const opaque = await launchApp(world, await opaqueApp(), said)
    const jwt = await launchApp(world, await registerApp(world), said)
    const gateway = await gatewayToken(world, '__introspect')
    const [one, other] = await Promise.all(
      [opaque, jwt].map(async ({ tokens }) => (await introspectWith(world, gateway, tokens['access_token'])).body),
    )
    assert.deepEqual(Object.keys(one ?? {}).toSorted(), Object.keys(other ?? {}).toSorted())
    for (const name of [
      'active',
      'iss',
      'aud',
      'sub',
      'scope',
      'tenant',
      'patient',
      'encounter',
      'fhirUser',
      'token_type',
    ])
      assert.deepEqual(one?.[name], other?.[name], name)
    assert.notEqual(one?.['jti'], opaque.tokens['access_token'], 'its name opens nothing')
  })

  test('are introspected by their app with themselves, by nobody with another’s, and not under the name logs have for them', async () => {
    const mine = await launchApp(world, await opaqueApp())
    const { access_token: token } = mine.tokens
    const own = await introspectWith(world, token)
    assert.equal(own.body['patient'], 'cdp1001')
    assert.ok(!('grant' in own.body))
    const theirs = await launchApp(world, await opaqueApp())
    assert.deepEqual(await introspectWith(world, theirs.tokens['access_token'], token), INACTIVE)
    assert.equal((await introspectWith(world, own.body['jti'])).status, 401)
    assert.equal((await introspectWith(world, 'A'.repeat(43))).status, 401)
    const elsewhere = await postForm(
      `${world.issuer('983971636')}/introspect`,
      { token: String(token) },
      { authorization: `Bearer ${String(token)}` },
    )
    assert.equal(elsewhere.status, 401, 'nothing at the other trust')
  })

  test('of a confidential app are told of whole when it authenticates, and to no other app that does', async () => {
    const register = async () => {
      const answer = await fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['http://localhost:9999/'],
          launch_uris: ['http://localhost:9999/launch.html'],
          scope: 'launch openid fhirUser online_access patient/Patient.r',
          token_endpoint_auth_method: 'client_secret_post',
          access_token_format: 'opaque',
        }),
      })
      const { client_id: id, client_secret: secret } = await json(answer)
      return { client_id: String(id), client_secret: String(secret) }
    }
    const [credentials, others] = [await register(), await register()]
    const intent = { fhirContext: [{ reference: 'ImagingStudy/img1' }] }
    const { tokens } = await launchApp(world, credentials.client_id, intent, {}, credentials)
    const ask = async (as: Readonly<Record<string, string>>) =>
      json(await postForm(`${world.issuer()}/introspect`, { token: String(tokens['access_token']), ...as }))
    const told = await ask(credentials)
    for (const name of ['patient', 'fhirContext', 'tenant', 'need_patient_banner', 'scope'])
      assert.deepEqual(told[name], tokens[name], name)
    assert.deepEqual(await ask(others), { active: false })
  })

  test('end after five minutes, with their launch, and with their grant', async () => {
    const clientId = await opaqueApp()
    const over = await launchApp(world, clientId)
    world.clock.aheadMs = 301_000
    assert.equal((await introspectWith(world, over.tokens['access_token'])).status, 401)
    world.clock.aheadMs = 0

    const ended = await launchApp(world, clientId, { session: 'opaque-end' })
    await callApi(world, '/launches/end', { session: 'opaque-end' })
    assert.equal((await introspectWith(world, ended.tokens['access_token'])).status, 401)

    const reused = await launchApp(world, clientId)
    const { refresh_token: token } = reused.tokens
    const rotated = await json(await refresh(world, token))
    assert.equal((await introspectWith(world, rotated['access_token'])).status, 200)
    assert.equal((await refresh(world, token)).status, 400)
    assert.equal((await introspectWith(world, rotated['access_token'])).status, 401)
  })

  test('are revoked by their app alone, with their grant, and the stream tells it (SAL-195)', async () => {
    const clientId = await opaqueApp()
    const { tokens } = await launchApp(world, clientId)
    const grantId = (await introspectWith(world, tokens['access_token'])).body['grant_id']
    assert.equal((await revoke(tokens['access_token'], await opaqueApp())).status, 200)
    assert.equal((await introspectWith(world, tokens['access_token'])).status, 200)
    const stream = await openStream(world.issuer(), await gatewayToken(world, '__revocations'))
    assert.equal((await revoke(tokens['access_token'], clientId)).status, 200)
    await stream.until(({ kind, id }) => kind === 'grant' && id === grantId, 1000)
    stream.close()
    assert.equal((await introspectWith(world, tokens['access_token'])).status, 401)
    assert.equal((await json(await refresh(world, tokens['refresh_token'])))['error'], 'invalid_grant')
  })

  test('of a backend service live as long as JWTs do; revoking one tells its name, never the token', async () => {
    const key = await generateSigningKey('ES256')
    const clientId = await registerApp(world, {
      redirect_uris: undefined,
      launch_uris: undefined,
      grant_types: ['client_credentials'],
      token_endpoint_auth_method: 'private_key_jwt',
      scope: 'system/Patient.rs',
      jwks: publicJwks([key]),
      access_token_format: 'opaque',
    })
    const send = async (path: string, form: Readonly<Record<string, string>>) =>
      postForm(`${world.issuer()}${path}`, {
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: await signAssertion({ clientId, audience: `${world.issuer()}/token`, key }),
        ...form,
      })
    const ask = async () => json(await send('/token', { grant_type: 'client_credentials', scope: 'system/Patient.rs' }))
    const [first, second] = [await ask(), await ask()]
    assert.deepEqual([first['expires_in'], first['scope']], [300, 'system/Patient.rs'])
    const told = (await introspectWith(world, first['access_token'])).body
    assert.deepEqual(
      [told['sub'], told['client_id'], told['aud'], told['tenant'], told['grant_id']],
      [clientId, clientId, world.fhirBase(), '993467049', undefined],
    )
    const stream = await openStream(world.issuer(), await gatewayToken(world, '__revocations'))
    assert.equal((await send('/revoke', { token: String(first['access_token']) })).status, 200)
    await stream.until(({ kind, id }) => kind === 'token' && id === told['jti'], 1000)
    stream.close()
    assert.ok(stream.lines.every(({ id }) => id !== first['access_token']))
    assert.equal((await introspectWith(world, first['access_token'])).status, 401)
    assert.equal((await introspectWith(world, second['access_token'])).status, 200)
  })

  test('are asked for by a word that is known', async () => {
    await assert.rejects(registerApp(world, { access_token_format: 'paseto' }), /invalid_client_metadata/)
  })
})
