import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { fuzz, mutations } from '@uthopp/smart-core/fuzz'
import { readKeySet } from '#src/clients/key-sets.ts'
import { claimOf } from '#src/limits/claim.ts'
import { checkAssertion, keyOfAssertion } from '#src/provider/assertion.ts'
import { namesForeignResource } from '#src/provider/refresh-client.ts'
import { parseClientMetadata } from '#src/registration/metadata.ts'

const NOW = new Date('2030-01-01T00:00:00Z')
const AT = NOW.getTime() / 1000
const JWKS_URI = 'https://app.example/jwks.json'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const HEADER = { alg: 'ES384', kid: 'k1', typ: 'JWT', jku: JWKS_URI }
const CLAIMS = { iss: 'app', sub: 'app', aud: 'https://a.example/token', exp: AT + 60, jti: 'j1' }
const examples = [
  `${part(HEADER)}.${part(CLAIMS)}.c2ln`,
  `${part({ ...HEADER, kid: 1 })}.${part({ ...CLAIMS, sub: null })}.`,
  `${part(null)}.${part([])}.x`,
  `${part('a')}.${part(1)}.x`,
  JSON.stringify(HEADER),
]
const WORDS = [
  '.',
  '..',
  'e30',
  part(HEADER),
  part(CLAIMS),
  part({ kid: {} }),
  part({ sub: ['app'] }),
  '=',
  '"',
  '{',
  ':',
  '-',
  '_',
]
const FORM_WORDS = [
  '&',
  '=',
  'client_assertion=',
  'client_id=',
  'client_secret=',
  'grant_type=refresh_token',
  'refresh_token=',
  'resource=',
  '%',
  '+',
  'code=',
]
const forms = examples.flatMap((assertion) => [
  `grant_type=client_credentials&client_assertion=${assertion}`,
  `grant_type=refresh_token&refresh_token=x&client_id=app&resource=https%3A%2F%2Fa.example`,
])

test('whose key an assertion names is read from any text at all', async () => {
  await fuzz(
    mutations(examples, WORDS),
    (text) => {
      const named = keyOfAssertion(text)
      assert.ok(named === undefined || (typeof named.kid === 'string' && ['RSA', 'EC'].includes(named.kty)))
      if (text === examples[0]) assert.deepEqual(named, { kid: 'k1', kty: 'EC' })
    },
    3000,
  )
})

test('who a request says it is, and what it redeems, is read from any header and form at all', async () => {
  const authorization = fc.oneof(
    mutations(examples, WORDS).map((token) => `Bearer ${token}`),
    mutations(['app:secret', 'app%2D1:s', ':'], [':', '%', '&', '=']).map(
      (text) => `Basic ${Buffer.from(text).toString('base64')}`,
    ),
    mutations(['Basic YTpi', 'Bearer x.y.z'], [' ', 'Basic ', 'Bearer ', '=']),
    fc.constant(''),
  )
  await fuzz(
    fc.tuple(authorization, mutations(forms, FORM_WORDS)),
    ([header, form]) => {
      const body = Buffer.from(form)
      const claim = claimOf(header, body)
      if (claim !== undefined) assert.equal(typeof claim.clientId, 'string')
      assert.equal(typeof namesForeignResource(body, 'https://a.example/fhir'), 'boolean')
    },
    6000,
  )
})

const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined))
/** Members near their right values, some missing and some of another kind. */
const near = (right: Readonly<Record<string, unknown>>) =>
  fc.record(
    Object.fromEntries(
      Object.entries(right).map(([name, value]) => [
        name,
        fc.oneof({ weight: 6, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: anyJson }),
      ]),
    ),
    { requiredKeys: [] },
  )

test('the claims and header of an assertion are taken only when all of them are right, and refused as invalid_client', async () => {
  const header = near({ ...HEADER, crit: undefined, jku: JWKS_URI })
  const claims = near({ ...CLAIMS, exp: AT + 60 })
  const keys = fc.array(fc.tuple(fc.constantFrom('k1', 'k1', 'k2', ''), fc.constantFrom('EC', 'RSA')), { maxLength: 3 })
  const check = checkAssertion(
    'https://a.example',
    () => NOW,
    async () => JWKS_URI,
  )
  let taken = 0
  await fuzz(
    fc.tuple(header, claims, keys),
    async ([given, claimed, names]) => {
      const jwks = { keys: names.map(([kid, kty]) => ({ kid, kty })) }
      const client = { clientId: 'app', jwks } as unknown as Client // all the check reads of it
      try {
        await check({} as KoaContextWithOIDC, claimed, given, client) // it reads nothing of the request
      } catch (error) {
        assert.ok(error instanceof errors.InvalidClientAuth)
        return
      }
      taken += 1
      assert.equal(names.filter(([kid, kty]) => kid === given['kid'] && kty === 'EC').length, 1)
      assert.equal(claimed['sub'], claimed['iss'])
      assert.ok(typeof claimed['exp'] === 'number' && claimed['exp'] <= AT + 360)
      assert.ok(given['jku'] === undefined || given['jku'] === JWKS_URI)
      assert.ok(!('crit' in given))
    },
    6000,
  )
  assert.ok(taken > 0)
})

test('a key set or registration of any shape is read or refused with a reason', async () => {
  const real = generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' })
  const change = fc.constantFrom({}, {}, {}, { d: 'x' }, { kty: 'RSA' }, { n: 'AQAB', e: 'AQAB' }, { kid: 'k2' })
  const key = fc.tuple(near({ ...real, kid: 'k1', use: 'sig' }), change).map(([most, more]) => ({ ...most, ...more }))
  let read = 0
  const members = near({
    client_name: 'An app',
    redirect_uris: ['https://app.example/'],
    launch_uris: ['https://app.example/launch'],
    scope: 'launch openid patient/Patient.r',
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'private_key_jwt',
    id_token_signed_response_alg: 'RS256',
    jwks: { keys: [] },
    jwks_uri: JWKS_URI,
  })
  const address = mutations(
    ['https://app.example/a', 'http://localhost:1/', 'http://[::1]:8/'],
    ['@', '#', '\\', ':', '//', '?', 'http:', 'javascript:'],
  )
  await fuzz(
    fc.tuple(fc.array(fc.oneof(key, anyJson), { maxLength: 3 }), members, address, fc.boolean()),
    ([keys, given, uri, useKeys]) => {
      const set = readKeySet({ keys })
      if (typeof set === 'string') assert.notEqual(set, '')
      else read += set.keys.length
      const extra = useKeys
        ? { jwks: { keys }, jwks_uri: undefined }
        : { redirect_uris: [uri], jwks_uri: undefined, jwks: undefined }
      const metadata = parseClientMetadata({ ...given, ...extra }, 'demo')
      if ('kind' in metadata) return assert.notEqual(metadata.reason, '')
      for (const registered of metadata.redirectUris) assert.match(registered, /^https?:\/\/[^@/?#\\]+([/?][^#\\]*)?$/i)
    },
    4000,
  )
  assert.ok(read > 0, 'the good ones are among them')
})
