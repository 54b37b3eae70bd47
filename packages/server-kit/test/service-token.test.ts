import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { decodeJwt, SignJWT } from 'jose'
import { generateSigningKey, publicJwks, type SigningKey } from '#src/keys.ts'
import { Refusal } from '#src/refusal.ts'
import { createServiceSigner, createServiceVerifier } from '#src/service-token.ts'
import { serve } from '#test/builders.ts'

const GATEWAY = 'http://localhost:4500'
const AUDIENCE = 'http://localhost:4300/993467049/fhir'
const key = await generateSigningKey('ES256')
const stranger = await generateSigningKey('ES256')
const start = new Date('2030-01-01T00:00:00Z')
const later = (seconds: number) => () => new Date(start.getTime() + seconds * 1000)

const verifierAt = (now: () => Date, scope?: string) =>
  createServiceVerifier({
    issuers: [{ issuer: GATEWAY, jwks: publicJwks([key]) }],
    audience: AUDIENCE,
    now,
    ...(scope ? { scope } : {}),
  })

const refusedWith = (status: number) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error))
  assert.equal(error.status, status)
  return true
}

/** A token that is right but for what the test changes. */
function forge(changes: {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  key?: SigningKey
}): Promise<string> {
  const at = start.getTime() / 1000
  const claims = { iss: GATEWAY, sub: GATEWAY, aud: AUDIENCE, iat: at, exp: at + 300, jti: 'a', ...changes.claims }
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt', ...changes.header })
    .sign((changes.key ?? key).privateKey)
    .then((token) => `Bearer ${token}`)
}

describe('a service token', () => {
  test('of a known process opens the audience it was made for', async () => {
    const signer = createServiceSigner({ key, issuer: GATEWAY, now: later(0) })
    assert.equal((await verifierAt(later(1)).verify(await signer.bearer(AUDIENCE))).issuer, GATEWAY)
  })

  test('is reused until a minute before its end, per audience and scope', async () => {
    let now = start
    const signer = createServiceSigner({ key, issuer: GATEWAY, now: () => now })
    const first = await signer.bearer(AUDIENCE)
    now = later(239)()
    assert.equal(await signer.bearer(AUDIENCE), first)
    assert.notEqual(await signer.bearer(AUDIENCE, '__directory'), first)
    now = later(240)()
    assert.notEqual(await signer.bearer(AUDIENCE), first)
    assert.ok((decodeJwt(first.slice(7)).exp ?? 0) - start.getTime() / 1000 <= 300)
  })

  test('is refused for everything that is wrong with it', async () => {
    const wrong: Record<string, Promise<string | undefined>> = {
      missing: Promise.resolve(undefined),
      basic: Promise.resolve('Basic dTpw'),
      garbage: Promise.resolve('Bearer a.b.c'),
      'another audience': forge({ claims: { aud: `${AUDIENCE}x` } }),
      'an unknown issuer': forge({ claims: { iss: 'http://localhost:6666', sub: 'http://localhost:6666' } }),
      'a subject other than the issuer': forge({ claims: { sub: 'somebody' } }),
      'a foreign key under a known key id': forge({ key: stranger }),
      'an unknown key id': forge({ header: { kid: 'nobody' } }),
      'another type of token': forge({ header: { typ: 'JWT' } }),
      'too long a life': forge({ claims: { iat: start.getTime() / 1000 - 400 } }),
      'no end': forge({ claims: { exp: undefined } }),
      'no id': forge({ claims: { jti: undefined } }),
      expired: forge({ claims: { exp: start.getTime() / 1000 - 60 } }),
      'a date of issue in the future': forge({ claims: { iat: start.getTime() / 1000 + 60 } }),
    }
    const verifier = verifierAt(later(0))
    for (const [what, token] of Object.entries(wrong)) {
      await assert.rejects(verifier.verify(await token), refusedWith(401), what)
    }
    assert.equal((await verifier.verify(await forge({}))).issuer, GATEWAY)
  })

  test('without a signature is refused', async () => {
    const [, payload] = (await forge({})).slice(7).split('.')
    const header = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
    await assert.rejects(verifierAt(later(0)).verify(`Bearer ${header}.${payload}.x`), refusedWith(401))
  })

  test('needs the scope where one is demanded', async () => {
    const signer = createServiceSigner({ key, issuer: GATEWAY, now: later(0) })
    const verifier = verifierAt(later(1), '__directory')
    await assert.rejects(verifier.verify(await signer.bearer(AUDIENCE)), refusedWith(401))
    await assert.rejects(verifier.verify(await signer.bearer(AUDIENCE, '__directory.more')), refusedWith(401))
    const caller = await verifier.verify(await signer.bearer(AUDIENCE, '__directory'))
    assert.deepEqual(caller, { issuer: GATEWAY, expiresAt: new Date(start.getTime() + 300_000) })
  })

  test('that was verified once still ends at its end', async () => {
    let now = start
    const verifier = verifierAt(() => now)
    const token = await forge({})
    await verifier.verify(token)
    now = later(299)()
    await verifier.verify(token)
    now = later(310)()
    await assert.rejects(verifier.verify(token), refusedWith(401))
  })
})

describe('the keys of the caller', () => {
  test('are fetched once, and again when a key id is new', async () => {
    let fetched = 0
    const url = await serve((_req, res) => {
      fetched += 1
      res.setHeader('content-type', 'application/json').end(JSON.stringify(publicJwks([key])))
    })
    const verifier = createServiceVerifier({
      issuers: [{ issuer: GATEWAY, jwksUrl: `${url}/jwks.json` }],
      audience: AUDIENCE,
    })
    const signer = createServiceSigner({ key, issuer: GATEWAY })
    await verifier.verify(await signer.bearer(AUDIENCE))
    await verifier.verify(await signer.bearer(AUDIENCE, 'other'))
    assert.equal(fetched, 1)
  })

  test('that cannot be fetched are 503, since nothing is known about the token', async () => {
    const bearer = await createServiceSigner({ key, issuer: GATEWAY }).bearer(AUDIENCE)
    const failing = await serve((_req, res) => res.writeHead(500).end())
    for (const jwksUrl of [`${failing}/jwks`, 'http://127.0.0.1:1/jwks']) {
      const verifier = createServiceVerifier({ issuers: [{ issuer: GATEWAY, jwksUrl }], audience: AUDIENCE })
      await assert.rejects(verifier.verify(bearer), refusedWith(503))
    }
  })
})
