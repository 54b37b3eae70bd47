import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { AHUS, BASE, furnish, OUS, OUTSIDE, startWorld, type World } from './world.ts'

describe('the door itself', () => {
  let world: World
  let token: string
  before(async () => {
    world = await startWorld({ upstreamTimeoutMs: 1000 })
    furnish(world.upstream)
    token = await world.token()
  })
  after(() => world.close())
  beforeEach(() => {
    world.upstream.misbehave = undefined
    world.upstream.requests.length = 0
  })

  test('the SMART configuration is served as JSON to anybody, whatever is accepted (SAL-2, SAL-4, SAL-8, SAL-9, SAL-196)', async () => {
    for (const accept of ['text/html', 'application/fhir+json', 'application/fhir+xml']) {
      const answer = await world.at(`/${OUS}/fhir/.well-known/smart-configuration`, {
        headers: { accept, origin: 'https://any.example' },
      })
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type') ?? '', /^application\/json/)
      assert.equal(answer.headers.get('access-control-allow-origin'), '*')
      assert.equal(answer.json.token_endpoint, world.issuer.configuration['token_endpoint'])
    }
  })

  test('without the SMART configuration the gateway is not ready, and no older than a minute is served', async () => {
    assert.equal((await world.at('/health/ready')).status, 200)
    world.issuer.up = false
    world.clock.ahead = 61
    const ready = await world.at('/health/ready')
    assert.equal(ready.status, 503)
    assert.match(ready.json.reason, new RegExp(OUS))
    assert.equal((await world.at(`/${OUS}/fhir/.well-known/smart-configuration`)).status, 503)
    world.issuer.up = true
    world.clock.ahead = 0
    assert.equal((await world.at('/health/ready')).status, 200)
  })

  test('the capability statement tells what passes here, and nothing of the server behind (SAL-235, SAL-236)', async () => {
    const { status, json, text } = await world.at(`/${OUS}/fhir/metadata`)
    assert.equal(status, 200)
    assert.equal(json.implementation.url, BASE)
    assert.equal(json.rest[0].security.service[0].coding[0].code, 'SMART-on-FHIR')
    const uris = json.rest[0].security.extension[0].extension
    assert.deepEqual(
      uris.map((one: { url: string }) => one.url),
      ['authorize', 'token', 'introspect'],
    )
    assert.equal(uris[0].valueUri, world.issuer.configuration['authorization_endpoint'])
    assert.deepEqual(json.rest[0].interaction, [{ code: 'batch' }, { code: 'transaction' }])
    assert.deepEqual(json.instantiates, ['http://hl7.org/fhir/uv/bulkdata/CapabilityStatement/bulk-data'])
    const bulk = 'http://hl7.org/fhir/uv/bulkdata/OperationDefinition'
    assert.deepEqual(json.rest[0].operation, [{ name: 'export', definition: `${bulk}/export` }])
    assert.deepEqual(json.rest[0].resource[0].operation, [{ name: 'export', definition: `${bulk}/patient-export` }])
    assert.equal(json.rest[0].resource[1].operation, undefined)
    assert.equal(json.rest[0].resource[0].updateCreate, false)
    assert.deepEqual(
      json.rest[0].resource[0].searchParam.map((one: { name: string }) => one.name),
      ['patient'],
    )
    assert.doesNotMatch(text, /secret|inner|everything|xml/)
  })

  test('calls behind carry our own service token and the trace, never the caller’s token', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const answer = await world.fhir('Patient/pat-a', token, { headers: { traceparent, cookie: 'a=b' } })
    const { headers } = world.upstream.requests[0] ?? {}
    assert.equal(headers?.cookie, undefined)
    // The trace is ours: a caller who chose its id could write into somebody else's story.
    const correlationId = answer.headers.get('x-correlation-id') ?? ''
    assert.match(String(headers?.['traceparent']), new RegExp(`^00-${correlationId}-`))
    assert.doesNotMatch(traceparent, new RegExp(correlationId))
    const service = String(headers?.authorization).replace('Bearer ', '')
    assert.notEqual(service, token)
    assert.equal(decodeProtectedHeader(service).typ, 'at+jwt')
    const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${world.port}/jwks.json`))
    const { payload } = await jwtVerify(service, keys, { issuer: OUTSIDE, audience: world.upstream.base })
    assert.equal(payload.sub, OUTSIDE)
  })

  test('pages of any origin may ask, and read refusals too (SAL-197, SAL-198)', async () => {
    const origin = 'https://app.example'
    const preflight = await world.fhir('Patient/pat-a', undefined, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'authorization, if-match',
      },
    })
    assert.equal(preflight.status, 204)
    assert.equal(preflight.headers.get('access-control-allow-origin'), origin)
    for (const name of ['authorization', 'content-type', 'accept', 'if-match', 'if-none-match', 'prefer']) {
      assert.ok(preflight.headers.get('access-control-allow-headers')?.includes(name), name)
    }
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.ok(preflight.headers.get('access-control-allow-methods')?.includes(method), method)
    }
    const refused = await world.fhir('Patient/pat-a', undefined, { headers: { origin } })
    assert.equal(refused.status, 401)
    assert.equal(refused.headers.get('access-control-allow-origin'), origin)
    assert.match(refused.headers.get('vary') ?? '', /Origin/)
    for (const name of ['etag', 'location', 'content-location', 'last-modified', 'www-authenticate']) {
      assert.ok(refused.headers.get('access-control-expose-headers')?.includes(name), name)
    }
  })

  test('a failing server behind is told in our words', async () => {
    const cases = [
      [500, 502],
      [503, 502],
      [301, 502],
      [401, 502],
      [403, 502],
      [429, 503],
      [501, 403],
      [400, 400],
      [422, 422],
      [409, 409],
    ] as const
    for (const [given, told] of cases) {
      world.upstream.misbehave = () => ({
        status: given,
        headers: { location: 'http://elsewhere.example/' },
        body: {
          resourceType: 'OperationOutcome',
          issue: [
            { severity: 'error', code: 'invariant', diagnostics: 'Family-b at /srv', expression: ['Observation.code'] },
          ],
        },
      })
      const answer = await world.fhir('Patient/pat-a', token)
      assert.equal(answer.status, told, String(given))
      assert.equal(answer.json.resourceType, 'OperationOutcome')
      assert.doesNotMatch(answer.text, /Family|srv/)
      if (given === 422)
        assert.deepEqual(answer.json.issue[1], {
          severity: 'error',
          code: 'invariant',
          expression: ['Observation.code'],
        })
    }
    world.upstream.misbehave = () => ({ body: '<html>' })
    assert.ok([404, 502].includes((await world.fhir('Patient/pat-a', token)).status))
  })

  test('a server behind that never begins, or never ends, is 504 in time', async () => {
    for (const silence of ['hang', 'stall'] as const) {
      world.upstream.misbehave = () => silence
      const answer = await world.fhir('Patient/pat-a', token)
      assert.equal(answer.status, 504, silence)
      assert.equal(answer.json.issue[0].code, 'timeout')
    }
  })

  test('many answers over the same sockets leave no alarms behind', async () => {
    const warnings: Error[] = []
    const hear = (warning: Error) => void warnings.push(warning)
    process.on('warning', hear)
    for (let index = 0; index < 30; index += 1) assert.equal((await world.fhir('Patient/pat-a', token)).status, 200)
    // While one answer is waited for in vain, the other sockets are idle for as long.
    world.upstream.misbehave = () => 'hang'
    assert.equal((await world.fhir('Patient/pat-a', token)).status, 504)
    world.upstream.misbehave = undefined
    assert.equal((await world.fhir('Patient/pat-a', token)).status, 200)
    process.off('warning', hear)
    assert.deepEqual(warnings, [])
  })

  test('a client that takes no JSON hears 406', async () => {
    assert.equal(
      (await world.fhir('Patient/pat-a', token, { headers: { accept: 'application/fhir+xml' } })).status,
      406,
    )
    assert.equal((await world.fhir('Patient/pat-a?_format=xml', token)).status, 406)
    for (const accept of [
      'application/fhir+xml, application/fhir+json;q=0.5',
      '*/*',
      'application/json',
      'text/html, */*;q=0.1',
    ]) {
      assert.equal((await world.fhir('Patient/pat-a', token, { headers: { accept } })).status, 200, accept)
    }
    assert.equal((await world.fhir('Patient/pat-a?_format=application/fhir+json', token)).status, 200)
    assert.equal((await world.fhir('Patient/pat-a?_format=json', token)).status, 200)
  })

  test('paths two servers could read differently go nowhere', async () => {
    for (const path of [
      'Patient/../Observation/vital-a',
      'Patient%2Fpat-a',
      'Patient/pat-a%00',
      'Patient//pat-a',
      'patient/pat-a',
      'Patient/pat-a/',
      'Nonsense/1',
      'Patient/pat-a/_history/1/2',
    ]) {
      const status = await rawStatus(`/${OUS}/fhir/${path}`)
      assert.ok([403, 404].includes(status), `${path} ${status}`)
    }
    assert.equal(world.upstream.requests.length, 0)
    assert.equal((await world.at('/111111111/fhir/Patient/pat-a')).status, 404)
    assert.equal((await world.at(`/${AHUS}/other`)).status, 404)
  })

  test('what is not FHIR is described', async () => {
    const { status, json } = await world.at('/openapi.json')
    assert.equal(status, 200)
    for (const path of [
      '/jwks.json',
      '/health/ready',
      '/{orgnr}/dicomweb/studies',
      '/{orgnr}/fhir/.well-known/smart-configuration',
    ]) {
      assert.ok(json.paths[path]?.get, path)
    }
  })

  /** `fetch` tidies paths before it sends them. */
  async function rawStatus(path: string): Promise<number> {
    const { connect } = await import('node:net')
    const socket = connect(world.port, '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`)
    let text = ''
    for await (const piece of socket) text += String(piece)
    return Number(text.split(' ')[1])
  }
})
