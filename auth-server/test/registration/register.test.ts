import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { sql } from '@uthopp/storage/sql'
import { Browser } from '#test/support/browser.ts'
import { authorizing, exchange, launch, locationOf, offer, start } from '#test/support/launch.ts'
import { AHUS } from '#test/support/stub-host.ts'
import { ASSERTION_TYPE, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'

const APP = {
  client_name: 'A stranger’s app',
  redirect_uris: ['http://localhost:9999/'],
  launch_uris: ['http://localhost:9999/launch.html'],
  scope: 'launch openid fhirUser patient/Patient.r',
  token_endpoint_auth_method: 'none',
}

describe('registration', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const register = (metadata: unknown, issuer = world.issuer()) =>
    fetch(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof metadata === 'string' ? metadata : JSON.stringify(metadata),
    })
  const refused = async (metadata: unknown, error: string) => {
    const answer = await register(metadata)
    const body = await json(answer)
    assert.deepEqual({ status: answer.status, error: body['error'] }, { status: 400, error }, JSON.stringify(body))
  }
  const request = (handle: string, clientId: unknown) =>
    authorizing(world, handle, {
      client_id: String(clientId),
      redirect_uri: 'http://localhost:9999/',
      scope: APP.scope,
    })

  test('approves a stranger’s app at once in the demo world, says so, and the app launches', async () => {
    const answer = await register({ ...APP, software_nobody_knows: true })
    assert.equal(answer.status, 201)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const body = await json(answer)
    const { client_id: clientId, client_id_issued_at: issuedAt, ...rest } = body
    const { registration_access_token: token, registration_client_uri: managed, ...registered } = rest
    assert.equal(String(token).length, 43)
    assert.equal(managed, `${world.issuer()}/register/${String(clientId)}`)
    assert.equal(typeof issuedAt, 'number')
    assert.deepEqual(registered, {
      ...APP,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: 'RS256',
      access_token_format: 'jwt',
      smart_level: '2.2',
      zone: 'internal',
      approval: 'demo-automatic',
    })
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { client_id: clientId }))
    assert.equal(opened.origin, 'http://localhost:9999')
    const asked = request(opened.searchParams.get('launch') ?? '', clientId)
    const code = locationOf(await browser.navigate(asked.url)).searchParams.get('code') ?? ''
    const tokens = await json(await exchange(world, asked, code))
    assert.equal(tokens['patient'], 'cdp1001')
    await assert.rejects(
      offer(world, { client_id: clientId, user: 'stf201', patient: 'cdp2001' }, { orgnr: AHUS }),
      /client_id/,
      'unknown at the other trust',
    )
  })

  test('refuses addresses that are not https or this machine’s, or that are not plain', async () => {
    for (const uri of [
      'http://app.example.org/',
      'https://user:secret@app.example.org/',
      'https://app.example.org/#x',
      'javascript:alert(1)',
      'data:text/html,x',
      'https:////app.example.org/',
      '/index.html',
      'https:app.example.org',
      'https://app.example.org\\@evil.test/',
      'http://localhost.evil.test/',
      'http://127.0.0.1.evil.test/',
      'http://10.0.0.1/',
      'myapp://callback',
      'https://app.example.org/ x',
      'https://*.evil.example/cb',
      'https://app.example.org/../cb',
      'https://app.example.org/a/%2E./cb',
      'https://app.example.org/.',
      7,
    ]) {
      await refused({ ...APP, redirect_uris: [uri] }, 'invalid_redirect_uri')
      await refused({ ...APP, launch_uris: [uri] }, 'invalid_client_metadata')
      await refused({ ...APP, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: uri }, 'invalid_client_metadata')
    }
    await refused({ ...APP, redirect_uris: [] }, 'invalid_redirect_uri')
    await refused({ ...APP, redirect_uris: 'http://localhost:9999/' }, 'invalid_redirect_uri')
    await refused({ ...APP, redirect_uris: undefined }, 'invalid_redirect_uri')
  })

  test('takes text for a name, and only what it can serve', async () => {
    for (const name of [7, '', ' ', 'x'.repeat(201), 'a\u202eb', 'a\nb', '\ud800', ['a']])
      await refused({ ...APP, client_name: name }, 'invalid_client_metadata')
    await refused({ ...APP, grant_types: ['client_credentials'] }, 'invalid_client_metadata')
    await refused({ ...APP, response_types: ['token'] }, 'invalid_client_metadata')
    await refused({ ...APP, token_endpoint_auth_method: 'client_secret_jwt' }, 'invalid_client_metadata')
    await refused({ ...APP, token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata')
    await refused({ ...APP, jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }, 'invalid_client_metadata')
    await refused({ ...APP, scope: '' }, 'invalid_client_metadata')
    await refused([], 'invalid_client_metadata')
  })

  test('takes a key set only when each key in it is public, whole and the only one of its type under its name (SAL-34)', async () => {
    const key = (await generateSigningKey('ES256')).publicJwk
    const { publicKey, privateKey } = await generateKeyPair('RS384', { extractable: true, modulusLength: 2048 })
    const rsa = { ...(await exportJWK(publicKey)), kid: 'rsa' }
    const secret = await exportJWK(privateKey)
    const withKeys = (...keys: readonly unknown[]) => ({
      ...APP,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys },
    })
    for (const odd of [
      { ...key, kid: undefined },
      { ...key, kid: '' },
      { ...key, kid: 7 },
      { ...key, x: 'AA', y: 'AA' },
      { ...key, y: key.x },
      { ...key, crv: 'P-1' },
      { kty: 'RSA', kid: 'a' },
      { ...rsa, n: 'AQAB' },
      ...['d', 'p', 'q', 'dp', 'dq', 'qi'].map((member) => ({ ...rsa, [member]: secret.d })),
      { ...rsa, oth: [] },
      null,
      'key',
    ])
      await refused(withKeys(key, odd), 'invalid_client_metadata')
    const { publicJwk: second } = await generateSigningKey('ES256')
    await refused(withKeys(key, { ...second, kid: key.kid }), 'invalid_client_metadata')
    await refused(withKeys(rsa, key, rsa), 'invalid_client_metadata')
    assert.equal((await register(withKeys(key, { ...rsa, kid: key.kid }))).status, 201)
    assert.equal((await register(withKeys(key, rsa))).status, 201)
  })

  test('gives `__introspect` to apps that can prove who they are, and to no others (contracts §6)', async () => {
    const scope = 'launch patient/Patient.r __introspect __launch __directory __revocations'
    const symmetric = await json(await register({ ...APP, scope, token_endpoint_auth_method: 'client_secret_basic' }))
    assert.equal(symmetric['scope'], 'launch patient/Patient.r __introspect')
    assert.equal((await json(await register({ ...APP, scope })))['scope'], 'launch patient/Patient.r')
  })

  test('never gives the trust’s own scopes, or system/ scopes, to who asks for them', async () => {
    await refused({ ...APP, scope: '__launch __directory' }, 'invalid_client_metadata')
    const body = await json(
      await register({ ...APP, scope: `__launch launch system/*.rs nonsense ${'x'.repeat(400)} patient/Patient.r` }),
    )
    assert.equal(body['scope'], 'launch patient/Patient.r')
  })

  test('of a confidential app shows its secret once, the secret works and a wrong one does not (SAL-77, SAL-154, SAL-155)', async () => {
    const registered = await json(await register({ ...APP, token_endpoint_auth_method: undefined }))
    const { client_id: clientId, client_secret: secret } = registered
    assert.equal(registered['token_endpoint_auth_method'], 'client_secret_basic')
    assert.equal(registered['client_secret_expires_at'], 0)
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { client_id: clientId }))
    const asked = request(opened.searchParams.get('launch') ?? '', clientId)
    const code = locationOf(await browser.navigate(asked.url)).searchParams.get('code') ?? ''
    const send = (password: unknown) =>
      fetch(`${world.issuer()}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${String(clientId)}:${String(password)}`).toString('base64')}`,
        },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: asked.redirectUri,
          code_verifier: asked.verifier,
        }),
      })
    const wrong = await send('x'.repeat(43))
    assert.equal(wrong.status, 401)
    assert.match(wrong.headers.get('www-authenticate') ?? '', /^Basic/)
    const bare = await exchange(world, asked, code)
    assert.equal(bare.status, 401, 'only a client id is not authentication')
    assert.match(String((await json(bare))['error_description']), /client_secret_basic/)
    const inForm = await exchange(world, asked, code, { client_secret: String(secret) })
    assert.equal(inForm.status, 401, 'the registered method is the method')
    assert.equal((await send(secret)).status, 200)
  })

  test('keeps of a secret only a hash, which is no secret itself (SAL-156)', async () => {
    const registered = await json(await register({ ...APP, token_endpoint_auth_method: 'client_secret_post' }))
    const { client_id: clientId, client_secret: secret } = registered
    const rows = await world.db.acrossTenants.all<{ record: string }>(
      sql`select record from client where client_id = ${String(clientId)}`,
    )
    const [stored] = rows
    assert.ok(stored)
    assert.ok(!stored.record.includes(String(secret)))
    const kept = /"secretHash":"(?<hash>[\w-]+)"/.exec(stored.record)?.groups?.['hash'] ?? ''
    assert.equal(kept.length, 43)
    const send = async (password: string) =>
      (
        await postForm(`${world.issuer()}/token`, {
          grant_type: 'authorization_code',
          code: 'x',
          redirect_uri: 'http://localhost:9999/',
          code_verifier: 'x'.repeat(43),
          client_id: String(clientId),
          client_secret: password,
        })
      ).status
    assert.deepEqual([await send(kept), await send('x'), await send(String(secret))], [401, 401, 400])
  })

  test('of an app with its own keys lets it authenticate with them', async () => {
    const key = await generateSigningKey('ES256')
    const { client_id: clientId } = await json(
      await register({ ...APP, token_endpoint_auth_method: 'private_key_jwt', jwks: publicJwks([key]) }),
    )
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world, { client_id: clientId }))
    const asked = request(opened.searchParams.get('launch') ?? '', clientId)
    const code = locationOf(await browser.navigate(asked.url)).searchParams.get('code') ?? ''
    const assertion = await signAssertion({ clientId: String(clientId), audience: `${world.issuer()}/token`, key })
    const answer = await exchange(world, asked, code, {
      client_id: undefined,
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
    })
    assert.equal(answer.status, 200)
  })

  test('of an app with its own keys trusts them only as they were registered (SAL-32)', async () => {
    const [own, foreign] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
    const metadata = { ...APP, scope: `${APP.scope} launch/patient`, token_endpoint_auth_method: 'private_key_jwt' }
    const body = await json(await register({ ...metadata, jwks: publicJwks([own]) }))
    const clientId = String(body['client_id'])
    const withKey = async (key: typeof own) => {
      const assertion = await signAssertion({ clientId, audience: `${world.issuer()}/token`, key })
      const form = { grant_type: 'authorization_code', code: 'x', redirect_uri: 'x', code_verifier: 'x'.repeat(43) }
      const answer = await postForm(`${world.issuer()}/token`, {
        ...form,
        client_assertion_type: ASSERTION_TYPE,
        client_assertion: assertion,
      })
      return (await json(answer))['error']
    }
    assert.equal(await withKey(own), 'invalid_grant')
    const [kept] = await world.db.acrossTenants.all<{ record: string }>(
      sql`select record from client where client_id = ${clientId}`,
    )
    const [ownX, foreignX] = [String(own.publicJwk.x), String(foreign.publicJwk.x)]
    const changed = (kept?.record ?? '')
      .replace(ownX, foreignX)
      .replace(String(own.publicJwk.y), String(foreign.publicJwk.y))
      .replaceAll(own.kid, foreign.kid)
    assert.notEqual(changed, kept?.record)
    await world.db.acrossTenants.run(sql`update client set record = ${changed} where client_id = ${clientId}`)
    assert.deepEqual([await withKey(foreign), await withKey(own)], ['invalid_client', 'invalid_client'])
  })

  test('of an app with RS384 or ES384 keys takes assertions signed with them, and none signed with RS256 (SAL-158)', async () => {
    for (const [alg, status] of [
      ['RS384', 200],
      ['ES384', 200],
      ['RS256', 401],
    ] as const) {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'a-key', alg }] }
      const registered = await register({ ...APP, token_endpoint_auth_method: 'private_key_jwt', jwks })
      const clientId = String((await json(registered))['client_id'])
      const browser = new Browser()
      const opened = await start(world, browser, await offer(world, { client_id: clientId }))
      const asked = request(opened.searchParams.get('launch') ?? '', clientId)
      const code = locationOf(await browser.navigate(asked.url)).searchParams.get('code') ?? ''
      const assertion = await new SignJWT({ jti: randomUUID() })
        .setProtectedHeader({ alg, kid: 'a-key', typ: 'JWT' })
        .setIssuer(clientId)
        .setSubject(clientId)
        .setAudience(`${world.issuer()}/token`)
        .setExpirationTime('5m')
        .sign(privateKey)
      const form = { client_id: undefined, client_assertion_type: ASSERTION_TYPE, client_assertion: assertion }
      assert.equal((await exchange(world, asked, code, form)).status, status, alg)
    }
  })

  test('is closed in production without an initial access token', async () => {
    const production = await startWorld({ world: 'production' })
    try {
      const answer = await register(APP, production.issuer())
      assert.equal(answer.status, 401)
      assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/)
    } finally {
      await production.close()
    }
  })

  test('a body over 64 kB or of another type is refused', async () => {
    assert.equal((await register({ ...APP, padding: 'x'.repeat(70_000) })).status, 413)
    assert.equal((await register('{')).status, 400)
    assert.equal((await fetch(`${world.issuer()}/register`, { method: 'POST', body: 'x' })).status, 415)
    await launch(world)
  })
})
