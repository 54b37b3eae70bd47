import { expect, test } from '@playwright/test'
import { type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { createSecretKey, randomUUID } from 'node:crypto'
import { BACKEND_METADATA } from '../conformance/backend-service.ts'
import { registerClient } from '../conformance/client-kinds.ts'
import { useServer } from '../conformance/running-world.ts'
import { encode, postRaw, problemOfRefusal } from '../lib/hostile.ts'

const SCOPE = 'system/Patient.rs'
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const server = useServer()

const register = () =>
  registerClient(
    server().smart,
    { name: 'assertions', method: 'private_key_jwt', algorithm: 'ES384', keys: 'inline' },
    { scope: SCOPE, keyServer: server().keyServer, metadata: BACKEND_METADATA },
  )

const present = (assertion: string, more: Readonly<Record<string, string>> = {}) =>
  postRaw(
    server().smart.token_endpoint,
    encode(
      Object.entries({
        grant_type: 'client_credentials',
        scope: SCOPE,
        client_assertion_type: TYPE,
        client_assertion: assertion,
        ...more,
      }),
    ),
  )

type Members = Readonly<Record<string, unknown>>

/** Only the members that were given. */
const given = (members: Members): Record<string, unknown> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds

test('an assertion that is unsigned, foreign, stale, too long-lived, for another server or used before is a failed client, and a good one is not', async () => {
  const [client, other] = [await register(), await register()]
  const { key, clientId } = client
  if (key === undefined || other.key === undefined) throw new Error('clients of this kind have keys')
  const { token_endpoint: endpoint } = server().smart
  const good: JWTPayload = { iss: clientId, sub: clientId, aud: endpoint, exp: inSeconds(240), jti: '' }
  const header: JWTHeaderParameters = { alg: 'ES384', kid: key.kid, typ: 'JWT' }
  const sign = (claims: Members, changed: Members = {}, by = key.privateKey) =>
    new SignJWT(given({ ...good, jti: randomUUID(), ...claims }))
      // The type holds what the good header has; a test takes some of it out.
      .setProtectedHeader(given({ ...header, ...changed }) as JWTHeaderParameters)
      .sign(by)

  const used = await sign({})
  expect((await present(used)).status).toBe(200)
  const valid = await sign({})
  const [head = '', body = '', signature = ''] = valid.split('.')
  const shared = createSecretKey(Buffer.from(clientId.padEnd(64, 'x')))
  for (const [what, assertion] of [
    ['used before', used],
    ['unsigned', new UnsecuredJWT({ ...good, jti: randomUUID() }).encode()],
    [
      'by a shared secret',
      await new SignJWT({ ...good, jti: randomUUID() }).setProtectedHeader({ ...header, alg: 'HS384' }).sign(shared),
    ],
    ['by another client’s key', await sign({}, {}, other.key.privateKey)],
    ['naming another client’s key', await sign({}, { kid: other.key.kid }, other.key.privateKey)],
    ['without a key’s name', await sign({}, { kid: undefined })],
    ['from a key set of its own', await sign({}, { kid: undefined, jku: 'http://127.0.0.1:9/jwks.json' })],
    ['with an unknown critical header', await sign({}, { crit: ['b64'], b64: true })],
    ['expired', await sign({ exp: inSeconds(-120) })],
    ['living an hour', await sign({ exp: inSeconds(3600) })],
    ['without an end', await sign({ exp: undefined })],
    ['not yet good', await sign({ nbf: inSeconds(600) })],
    ['for another server', await sign({ aud: 'https://server.example/token' })],
    ['for nobody', await sign({ aud: undefined })],
    ['without a number', await sign({ jti: undefined })],
    ['with a number that is none', await sign({ jti: '' })],
    ['about another client', await sign({ sub: other.clientId })],
    ['from another client', await sign({ iss: other.clientId, sub: other.clientId })],
    ['from nobody', await sign({ iss: undefined })],
    ['altered', `${head}.${body.slice(0, -2)}AA.${signature}`],
    ['cut short', `${head}.${body}`],
    ['no token at all', 'x'],
    ['of null bytes', '\0.\0.\0'],
    ['of deep JSON', `${Buffer.from('['.repeat(5000)).toString('base64url')}.e30.e30`],
  ] as const) {
    const answer = await present(assertion)
    expect([what, problemOfRefusal(answer, { codes: ['invalid_client'] })]).toEqual([what, undefined])
    expect(answer.headers.get('pragma')).toContain('no-cache')
  }
  const named = await present(await sign({}), { client_id: other.clientId })
  expect(problemOfRefusal(named, { codes: ['invalid_client', 'invalid_request'] })).toBeUndefined()
  expect((await present(await sign({}))).status).toBe(200)
  expect((await present(valid)).status).toBe(200)
})

test('of one assertion sent many times at once, one is taken', async () => {
  const { key, clientId } = await register()
  if (key === undefined) throw new Error('a client of this kind has a key')
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: server().smart.token_endpoint,
    exp: inSeconds(240),
    jti: randomUUID(),
  }
  const assertion = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES384', kid: key.kid, typ: 'JWT' })
    .sign(key.privateKey)
  const answers = await Promise.all(Array.from({ length: 12 }, () => present(assertion)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(
    answers.filter((answer) => problemOfRefusal(answer, { codes: ['invalid_client'] }) === undefined),
  ).toHaveLength(11)
})
