import { expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { postRaw, problemOfRefusal, WRONG_VALUES } from '../lib/hostile.ts'
import { launchApp, registerApp } from '../lib/smart-client.ts'

const world = addresses()
const endpoint = `${world.issuer(OUS)}/register`
const JSON_TYPE = { 'content-type': 'application/json' }

const GOOD: Readonly<Record<string, unknown>> = {
  client_name: 'A hostile test',
  redirect_uris: ['http://127.0.0.1:59999/index.html'],
  launch_uris: ['http://127.0.0.1:59999/launch.html'],
  scope: 'launch openid fhirUser patient/Patient.r',
  grant_types: ['authorization_code'],
  response_types: ['code'],
  token_endpoint_auth_method: 'none',
  id_token_signed_response_alg: 'RS256',
  access_token_format: 'jwt',
  smart_level: '2.2',
  jwks: undefined,
  jwks_uri: undefined,
}

const ask = (metadata: unknown) => postRaw(endpoint, JSON.stringify(metadata), JSON_TYPE)

/** What a developer may write and mean nothing by: the member counts as absent, or holds nothing. */
const HARMLESS = new Set([
  'launch_uris: an empty list',
  'response_types: null',
  'token_endpoint_auth_method: null',
  'id_token_signed_response_alg: null',
])

test.describe('a hostile registration', () => {
  test('each member of every wrong kind is refused by its registered code (RFC 7591 §3.2.2)', async () => {
    const problems: string[] = []
    for (const name of Object.keys(GOOD))
      for (const [what, value] of WRONG_VALUES) {
        if (HARMLESS.has(`${name}: ${what}`)) continue
        const code = name === 'redirect_uris' ? 'invalid_redirect_uri' : 'invalid_client_metadata'
        const problem = problemOfRefusal(await ask({ ...GOOD, [name]: value }), { codes: [code] })
        if (problem !== undefined) problems.push(`${name}: ${what}: ${problem}`)
      }
    expect(problems).toEqual([])
  })

  test('an address that is not plainly the app’s own is refused, as redirect, launch or key address', async () => {
    const problems: string[] = []
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      '//app.example/x',
      '/x',
      'http://app.example/x',
      'https://app.example/x#part',
      'https://user:word@app.example/x',
      'https://app.example\\@evil.example/x',
      'https://app.example/\u0000',
      'https://app.example/\r\nlocation: https://evil.example',
      ' https://app.example/x',
      'https://bl\u00e5b\u00e6r.example/x',
      `https://app.example/${'x'.repeat(5000)}`,
    ])
      for (const [member, value, code] of [
        ['redirect_uris', [address], 'invalid_redirect_uri'],
        ['launch_uris', [address], 'invalid_client_metadata'],
        ['jwks_uri', address, 'invalid_client_metadata'],
      ] as const) {
        const problem = problemOfRefusal(await ask({ ...GOOD, [member]: value }), { codes: [code] })
        if (problem !== undefined) problems.push(`${member} ${address.slice(0, 40)}: ${problem}`)
      }
    expect(problems).toEqual([])
  })

  test('keys that are private, nameless, named twice or no keys at all are refused (SAL-34)', async () => {
    const rsa = { kty: 'RSA', n: Buffer.alloc(256, 0xc5).toString('base64url'), e: 'AQAB', kid: 'one' }
    const problems: string[] = []
    for (const [what, keys] of [
      ['no keys', []],
      ['not a list', 'keys'],
      ['without a name', [{ ...rsa, kid: undefined }]],
      ['an empty name', [{ ...rsa, kid: '' }]],
      ['a name that is a number', [{ ...rsa, kid: 1 }]],
      ['one name twice', [rsa, rsa]],
      ['a private exponent', [{ ...rsa, d: 'AQAB' }]],
      ['a private prime', [{ ...rsa, p: 'AQAB' }]],
      ['a secret', [{ kty: 'oct', k: 'AQAB', kid: 'one' }]],
      ['no modulus', [{ kty: 'RSA', e: 'AQAB', kid: 'one' }]],
      ['a short modulus', [{ ...rsa, n: 'AQAB' }]],
      ['a point off the curve', [{ kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA', kid: 'one' }]],
    ] as const) {
      const metadata = { ...GOOD, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } }
      const problem = problemOfRefusal(await ask(metadata), { codes: ['invalid_client_metadata'] })
      if (problem !== undefined) problems.push(`${what}: ${problem}`)
    }
    expect(problems).toEqual([])
  })

  test('a body that is no JSON object, too long, of another type or sent another way registers nobody, and a good app still launches', async () => {
    const bad = { codes: ['invalid_request', 'invalid_client_metadata', 'invalid_redirect_uri'] }
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '17',
      '"x"',
      '['.repeat(30_000),
      '{"__proto__":{"redirect_uris":["http://127.0.0.1/"]}}',
    ])
      expect([body.slice(0, 20), problemOfRefusal(await postRaw(endpoint, body, JSON_TYPE), bad)]).toEqual([
        body.slice(0, 20),
        undefined,
      ])
    const broken = Uint8Array.from([0x7b, 0x22, 0xff, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d])
    expect(problemOfRefusal(await postRaw(endpoint, broken, JSON_TYPE), bad)).toBeUndefined()
    for (const length of [65_537, 100_000]) {
      const answer = await postRaw(endpoint, JSON.stringify({ ...GOOD, padding: 'x'.repeat(length) }), JSON_TYPE)
      expect(problemOfRefusal(answer, 'too large')).toBeUndefined()
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jwt'])
      expect((await postRaw(endpoint, JSON.stringify(GOOD), { 'content-type': type })).status).toBe(415)
    for (const method of ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'])
      expect((await fetch(endpoint, { method })).status).toBe(405)
    expect((await postRaw(`${world.auth}/000000000/register`, JSON.stringify(GOOD), JSON_TYPE)).status).toBe(404)
    const app = await registerApp(world, OUS, 'launch openid fhirUser patient/Patient.r')
    expect((await launchApp(world, app, { tenant: OUS })).access_token).toBeTruthy()
  })

  test('a scope nobody gets by asking for it is left out of what is registered', async () => {
    const answer = await ask({
      ...GOOD,
      scope: 'launch patient/Patient.r __launch __introspect system/*.rs patient/Nothing.r',
    })
    expect(answer.status).toBe(201)
    expect(/"scope":"(?<scope>[^"]*)"/.exec(answer.text)?.groups?.['scope']).toBe('launch patient/Patient.r')
  })
})
