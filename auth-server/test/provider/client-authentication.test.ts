import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { AHUS } from '#test/support/stub-host.ts'
import {
  ASSERTION_TYPE,
  type AssertionParts,
  json,
  postForm,
  signAssertion,
  startWorld,
  type World,
} from '#test/support/world.ts'

describe('private_key_jwt', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const parts = (changes: Partial<AssertionParts> = {}): AssertionParts => ({
    clientId: 'host',
    audience: `${world.issuer()}/token`,
    key: world.host.key,
    ...changes,
  })
  const send = (assertion: string, form: Readonly<Record<string, string>> = {}) =>
    postForm(`${world.issuer()}/token`, {
      grant_type: 'client_credentials',
      scope: '__launch',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: assertion,
      ...form,
    })
  const refused = async (answer: Response, error = 'invalid_client', status = 401) => {
    assert.deepEqual({ status: answer.status, error: (await json(answer))['error'] }, { status, error })
  }

  test('takes the issuer or the token endpoint as audience, and a `typ` or none (SAL-167)', async () => {
    assert.equal((await send(await signAssertion(parts()))).status, 200)
    assert.equal((await send(await signAssertion(parts({ audience: world.issuer() })))).status, 200)
    assert.equal((await send(await signAssertion(parts()), { resource: `${world.issuer()}/launches` })).status, 200)
  })

  test('takes one audience or several of ours, and none that is good elsewhere too (RFC 7523 §3)', async () => {
    const own = `${world.issuer()}/token`
    assert.equal((await send(await signAssertion(parts({ audience: [own] })))).status, 200)
    assert.equal((await send(await signAssertion(parts({ audience: [own, world.issuer()] })))).status, 200)
    for (const other of ['https://evil.test/token', `${world.issuer(AHUS)}/token`, world.issuer().slice(0, -1)])
      for (const audience of [
        [own, other],
        [other, own],
      ])
        await refused(await send(await signAssertion(parts({ audience }))))
  })

  test('refuses an assertion used before, also eight at once (SAL-161)', async () => {
    const assertion = await signAssertion(parts())
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(assertion)))
    assert.equal(answers.filter((answer) => answer.status === 200).length, 1)
    await refused(await send(assertion))
  })

  test('refuses a foreign key, audience, subject, algorithm, type or key address, and one that lives too long (SAL-159, SAL-160, SAL-162, SAL-163, SAL-164)', async () => {
    const foreign = await generateSigningKey('ES256')
    await refused(await send(await signAssertion(parts({ key: foreign }))))
    await refused(await send(await signAssertion(parts({ key: { ...foreign, kid: world.host.key.kid } }))))
    await refused(await send(await signAssertion(parts({ audience: `${world.issuer(AHUS)}/token` }))))
    await refused(await send(await signAssertion(parts({ clientId: 'launcher' }))))
    await refused(await send(await signAssertion(parts({ lifetime: 3600 }))))
    await refused(await send(await signAssertion(parts({ lifetime: -60 }))))
    await refused(await send(await signAssertion(parts({ header: { typ: 'at+jwt' } }))))
    await refused(await send(await signAssertion(parts({ header: { jku: 'https://evil.test/jwks.json' } }))))
    await refused(await send(await signAssertion(parts({ header: { kid: undefined } }))))
    await refused(await send(await signAssertion(parts({ header: { crit: ['b64'], b64: true } }))))
  })

  test('answers a malformed assertion with invalid_client (SAL-166)', async () => {
    await refused(await send('not.a.jwt'))
    await refused(await send('x'))
    await refused(await send(await signAssertion(parts()), { client_assertion_type: 'urn:other' }))
  })

  test('knows a key that the host published a moment ago', async () => {
    assert.equal((await send(await signAssertion(parts()))).status, 200)
    const jku = `${world.host.origin}/993467049/jwks.json`
    assert.equal((await send(await signAssertion(parts({ header: { jku } })))).status, 200)
  })

  test('grants a host its one scope at its one audience (SAL-171, SAL-173, SAL-174, SAL-175)', async () => {
    await refused(await send(await signAssertion(parts()), { scope: 'system/*.rs' }), 'invalid_target', 400)
    await refused(
      await send(await signAssertion(parts()), { scope: '__introspect', resource: `${world.issuer()}/launches` }),
      'invalid_scope',
      400,
    )
    await refused(await send(await signAssertion(parts()), { resource: world.fhirBase() }), 'invalid_target', 400)
    const body = await json(await send(await signAssertion(parts()), { scope: '__launch system/*.rs' }))
    assert.equal(body['scope'], '__launch')
    assert.equal(body['refresh_token'], undefined)
  })

  describe('with keys of two types under one `kid` (RFC 7517 §4.5)', () => {
    type Pair = { readonly privateKey: CryptoKey; readonly publicJwk: JWK }
    const pairOf = async (alg: string): Promise<Pair> => {
      const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
      return { privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid: 'k' } }
    }
    let rsa: Pair
    let ec: Pair
    let published: readonly JWK[] = []
    const address = createServer((_req, res) =>
      res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published })),
    )
    before(async () => {
      ;[rsa, ec] = await Promise.all([pairOf('RS384'), pairOf('ES384')])
      await new Promise<void>((listening) => void address.listen(0, '127.0.0.1', listening))
    })
    after(() => address.close())

    const register = (keys: Readonly<Record<string, unknown>>) =>
      fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          grant_types: ['client_credentials'],
          token_endpoint_auth_method: 'private_key_jwt',
          scope: 'system/Patient.r',
          ...keys,
        }),
      })
    const jwksUri = () => `http://127.0.0.1:${(address.address() as AddressInfo).port}/jwks` // it listens on a port
    const signIn = async (clientId: string, alg: string, { privateKey }: Pair) =>
      send(
        await new SignJWT({ jti: crypto.randomUUID() })
          .setProtectedHeader({ alg, kid: 'k', typ: 'JWT' })
          .setIssuer(clientId)
          .setSubject(clientId)
          .setAudience(`${world.issuer()}/token`)
          .setExpirationTime('4m')
          .sign(privateKey),
        { scope: 'system/Patient.r' },
      )

    test('takes the one whose type fits `alg`, whether registered inline or by address (SAL-163)', async () => {
      published = [rsa.publicJwk, ec.publicJwk]
      for (const keys of [{ jwks: { keys: published } }, { jwks_uri: jwksUri() }]) {
        const clientId = String((await json(await register(keys)))['client_id'])
        assert.equal((await signIn(clientId, 'RS384', rsa)).status, 200)
        assert.equal((await signIn(clientId, 'ES384', ec)).status, 200)
        const stranger = await pairOf('ES384')
        await refused(await signIn(clientId, 'ES384', stranger))
        await refused(await signIn(clientId, 'ES256', await pairOf('ES256')))
      }
    })

    test('finds the second type as soon as it is published (SAL-165)', async () => {
      published = [rsa.publicJwk]
      const clientId = String((await json(await register({ jwks_uri: jwksUri() })))['client_id'])
      assert.equal((await signIn(clientId, 'RS384', rsa)).status, 200)
      await refused(await signIn(clientId, 'ES384', ec))
      published = [rsa.publicJwk, ec.publicJwk]
      world.clock.aheadMs += 2000 // a key missed a moment ago is not asked for again
      assert.equal((await signIn(clientId, 'ES384', ec)).status, 200)
    })

    test('refuses two of one type, also where the curves differ, and whichever of them signed (SAL-163)', async () => {
      const [second, shorter] = await Promise.all([pairOf('ES384'), pairOf('ES256')])
      for (const other of [second, shorter]) {
        published = [rsa.publicJwk, ec.publicJwk, other.publicJwk]
        const inline = await register({ jwks: { keys: published } })
        assert.deepEqual(
          { status: inline.status, error: (await json(inline))['error'] },
          { status: 400, error: 'invalid_client_metadata' },
        )
        const clientId = String((await json(await register({ jwks_uri: jwksUri() })))['client_id'])
        await refused(await signIn(clientId, 'ES384', ec))
        await refused(await signIn(clientId, other === second ? 'ES384' : 'ES256', other))
        assert.equal((await signIn(clientId, 'RS384', rsa)).status, 200)
      }
    })
  })
})
