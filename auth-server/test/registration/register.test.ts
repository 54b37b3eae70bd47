import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { exportJWK, generateKeyPair } from 'jose'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { Browser } from '#test/support/browser.ts'
import { exchange, launch, locationOf, offer, start } from '#test/support/launch.ts'
import { AHUS } from '#test/support/stub-host.ts'
import { APP, registerAt, requestOf } from './registering.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

describe('registration', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const register = (metadata: unknown, issuer = world.issuer()) => registerAt(issuer, metadata)
  const refused = async (metadata: unknown, error: string) => {
    const answer = await register(metadata)
    const body = await json(answer)
    assert.deepEqual({ status: answer.status, error: body['error'] }, { status: 400, error }, JSON.stringify(body))
  }
  const request = (handle: string, clientId: unknown) => requestOf(world, handle, clientId)

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
