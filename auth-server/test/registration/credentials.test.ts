import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { generateSigningKey, publicJwks } from '@uthopp/server-kit/keys'
import { sql } from '@uthopp/storage/sql'
import { Browser } from '#test/support/browser.ts'
import { exchange, locationOf, offer, start } from '#test/support/launch.ts'
import { APP, registerAt, requestOf } from './registering.ts'
import { ASSERTION_TYPE, json, postForm, signAssertion, startWorld, type World } from '#test/support/world.ts'

describe('registration', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const register = (metadata: unknown, issuer = world.issuer()) => registerAt(issuer, metadata)
  const request = (handle: string, clientId: unknown) => requestOf(world, handle, clientId)

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
})
