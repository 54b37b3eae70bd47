import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { authorizing, launch, locationOf, offer, refresh, start } from '#test/support/launch.ts'
import { AHUS } from '#test/support/stub-host.ts'
import { callApi, hostToken, json, postForm, startWorld, type World } from '#test/support/world.ts'

describe('introspection and revocation', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const ask = async (
    token: unknown,
    headers: Readonly<Record<string, string>>,
    form: Readonly<Record<string, string>> = {},
    orgnr?: string,
  ) => {
    const answer = await postForm(`${world.issuer(orgnr)}/introspect`, { token: String(token), ...form }, headers)
    return { status: answer.status, body: await json(answer) }
  }
  const asBearer = (token: unknown) => ({ authorization: `Bearer ${String(token)}` })
  const confidentialApp = async () => {
    const app = {
      redirect_uris: ['http://localhost:9999/'],
      launch_uris: ['http://localhost:9999/l'],
      scope: 'launch online_access patient/Patient.r',
    }
    const answer = await fetch(`${world.issuer()}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(app),
    })
    const { client_id: id, client_secret: secret } = await json(answer)
    const basic = { authorization: `Basic ${Buffer.from(`${String(id)}:${String(secret)}`).toString('base64')}` }
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { client_id: id }))
    const request = authorizing(world, opened.searchParams.get('launch') ?? '', {
      client_id: String(id),
      redirect_uri: 'http://localhost:9999/',
      scope: app.scope,
    })
    const code = locationOf(await browser.navigate(request.url)).searchParams.get('code') ?? ''
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: request.redirectUri,
      code_verifier: request.verifier,
    }
    return { basic, tokens: await json(await postForm(`${world.issuer()}/token`, form, basic)) }
  }

  test('nobody asks in two ways at once (RFC 6749 §2.3)', async () => {
    const { tokens } = await launch(world)
    const bearer = asBearer(tokens['access_token'])
    for (const second of [{ client_id: 'x', client_secret: 'y' }, { client_assertion: 'a.b.c' }])
      assert.equal((await ask(tokens['access_token'], bearer, second)).status, 400)
  })

  test('a public app asks about its own token by showing it, and hears what the token response said (SAL-187, SAL-188, SAL-189, SAL-190)', async () => {
    const { tokens } = await launch(world, new Browser(), { encounter: 'enc1', intent: 'x' })
    const { status, body } = await ask(tokens['access_token'], asBearer(tokens['access_token']))
    assert.equal(status, 200)
    assert.equal(body['active'], true)
    for (const name of ['scope', 'patient', 'encounter', 'intent', 'tenant', 'need_patient_banner'])
      assert.deepEqual(body[name], tokens[name], name)
    assert.equal(body['client_id'], 'pacs-viewer')
    assert.equal(body['fhirUser'], `${world.fhirBase()}/Practitioner/stf101`)
  })

  test('the page of a public app may read the answer, and a refusal too', async () => {
    const { tokens } = await launch(world)
    const origin = 'http://localhost:4101'
    for (const token of [tokens['access_token'], 'nonsense']) {
      const form = { token: String(token) }
      const answer = await postForm(`${world.issuer()}/introspect`, form, { ...asBearer(token), origin })
      assert.equal(answer.headers.get('access-control-allow-origin'), origin)
    }
    const preflight = await fetch(`${world.issuer()}/introspect`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    })
    assert.match(preflight.headers.get('access-control-allow-headers') ?? '', /authorization/i)
  })

  test('nobody asks about another’s token, about a refresh token by knowing it, or without saying who asks (SAL-191, SAL-194)', async () => {
    const one = await launch(world)
    const two = await launch(world, new Browser(), {}, { client_id: 'pacs-viewer' })
    const inactive = { status: 200, body: { active: false } }
    assert.deepEqual(await ask(two.tokens['access_token'], asBearer(one.tokens['access_token'])), inactive)
    assert.deepEqual(await ask(one.tokens['refresh_token'], asBearer(one.tokens['access_token'])), inactive)
    assert.deepEqual(await ask('garbage', asBearer(one.tokens['access_token'])), inactive)
    const { basic } = await confidentialApp()
    assert.deepEqual(await ask(one.tokens['access_token'], basic), inactive)
    assert.equal((await ask(one.tokens['access_token'], {})).status, 401)
    assert.equal((await ask(one.tokens['access_token'], {}, { client_id: 'pacs-viewer' })).status, 401)
    assert.equal((await ask(one.tokens['access_token'], asBearer('x.y.z'))).status, 401)
    assert.equal((await ask(one.tokens['access_token'], asBearer(one.tokens['access_token']), {}, AHUS)).status, 401)
    assert.equal((await ask(one.tokens['id_token'], asBearer(one.tokens['id_token']))).status, 401)
  })

  test('a question with no token, with a parameter twice or in another form than a form is refused', async () => {
    const { tokens } = await launch(world)
    const token = String(tokens['access_token'])
    const ask = (body: string, type: string) =>
      fetch(`${world.issuer()}/introspect`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': type },
        body,
      })
    const form = 'application/x-www-form-urlencoded'
    for (const [body, type] of [
      ['token=', form],
      ['', form],
      [`token=${token}&token=${token}`, form],
      [`token=${token}&token_type_hint=access_token&token_type_hint=access_token`, form],
      [JSON.stringify({ token }), 'application/json'],
      [`token=${token}`, 'text/plain'],
    ] as const) {
      const answer = await ask(body, type)
      assert.equal(answer.status, 400, body)
      assert.equal((await json(answer))['error'], 'invalid_request')
    }
    assert.equal((await json(await ask(`token=${token}`, form)))['active'], true)
  })

  test('a confidential app asks about its own tokens by authenticating', async () => {
    const { basic, tokens } = await confidentialApp()
    const access = await ask(tokens['access_token'], basic)
    assert.equal(access.body['active'], true)
    assert.equal(access.body['patient'], 'cdp1001')
    assert.equal((await ask(tokens['refresh_token'], basic)).body['active'], true)
  })

  test('a token whose launch has ended is not active', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'ends' })
    await callApi(world, '/launches/end', { session: 'ends' })
    assert.equal((await ask(tokens['access_token'], asBearer(tokens['access_token']))).status, 401)
  })

  test('the host’s own token says what it is for', async () => {
    const token = await hostToken(world)
    const { body } = await ask(token, asBearer(token))
    assert.deepEqual(
      [body['active'], body['scope'], body['client_id'], body['grant_id']],
      [true, '__launch', 'host', undefined],
    )
  })

  test('revoking the refresh token, or the access token, ends the grant of that launch and of no other (SAL-195)', async () => {
    for (const name of ['refresh_token', 'access_token']) {
      const { tokens } = await launch(world)
      const other = await launch(world)
      const revoke = (clientId: string) =>
        postForm(`${world.issuer()}/revoke`, { token: String(tokens[name]), client_id: clientId })
      assert.equal((await revoke('nutrition')).status, 200)
      const kept = await json(await refresh(world, tokens['refresh_token']))
      assert.ok(kept['refresh_token'], 'another app ends nothing')
      const again = name === 'refresh_token' ? kept['refresh_token'] : tokens['access_token']
      assert.equal(
        (await postForm(`${world.issuer()}/revoke`, { token: String(again), client_id: 'pacs-viewer' })).status,
        200,
      )
      assert.equal((await json(await refresh(world, kept['refresh_token'])))['error'], 'invalid_grant')
      assert.equal((await refresh(world, other.tokens['refresh_token'])).status, 200)
    }
    assert.equal(
      (await postForm(`${world.issuer()}/revoke`, { token: 'unknown', client_id: 'pacs-viewer' })).status,
      200,
    )
  })

  test('are announced where apps look for them', async () => {
    for (const document of ['smart-configuration', 'openid-configuration']) {
      const found = await json(await fetch(`${world.issuer()}/.well-known/${document}`))
      assert.equal(found['introspection_endpoint'], `${world.issuer()}/introspect`)
      assert.equal(found['revocation_endpoint'], `${world.issuer()}/revoke`)
      assert.equal(found['registration_endpoint'], `${world.issuer()}/register`)
    }
  })
})
