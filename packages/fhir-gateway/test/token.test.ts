import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { generateKeyPair } from 'jose'
import { AHUS, BASE, furnish, OUS, OUTSIDE, startWorld, type World } from './world.ts'

describe('the access token', () => {
  let world: World
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
  })
  after(() => world.close())

  const read = (token?: string, init?: RequestInit) => world.fhir('Patient/pat-a', token, init)

  test('without one the answer is 401 and names no error (SAL-203)', async () => {
    const answer = await read()
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    assert.equal(answer.json.resourceType, 'OperationOutcome')
  })

  test('the right one opens the door, again and again', async () => {
    const token = await world.token()
    assert.equal((await read(token)).status, 200)
    assert.equal((await read(token)).status, 200)
  })

  test('the audience check: a token for another FHIR base is refused (SAL-202)', async () => {
    const { upstream } = world
    upstream.requests.length = 0
    for (const aud of [
      `${OUTSIDE}/${AHUS}/fhir`,
      'https://elsewhere.example/fhir',
      `${BASE}/`,
      `${OUTSIDE}/${OUS}`,
      undefined,
    ]) {
      await refused(await world.token({ aud }))
    }
    assert.equal(upstream.requests.length, 0)
  })

  test('a token of one trust opens nothing at the other', async () => {
    const ahus = await world.token({}, { orgnr: AHUS })
    assert.equal(
      (await world.at(`/${AHUS}/fhir/Patient/pat-a`, { headers: { authorization: `Bearer ${ahus}` } })).status,
      200,
    )
    await refused(ahus)
    await refused(await world.token({ tenant: AHUS }))
    await refused(await world.token({ tenant: undefined }))
  })

  test('forged, altered, unsigned and mistyped tokens are refused (SAL-201)', async () => {
    const forger = await generateKeyPair('ES256')
    await refused(await world.token({}, { key: forger.privateKey }))
    await refused(await world.token({}, { key: forger.privateKey, kid: 'unknown' }))
    await refused(await world.token({}, { typ: 'JWT' }))
    await refused(await world.token({}, { alg: 'HS256', key: new Uint8Array(32) }))
    const token = await world.token()
    const [head = '', body = '', signature = ''] = token.split('.')
    const bent = Buffer.from(Buffer.from(body, 'base64url').toString().replace('pat-a', 'pat-b')).toString('base64url')
    await refused(`${head}.${bent}.${signature}`)
    await refused(`${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${body}.`)
    await refused('not-a-token')
    assert.equal((await read(token)).status, 200)
    // Padding, and bits of the last character that mean nothing: the same signature spelled otherwise.
    const last = signature.slice(-1).charCodeAt(0)
    await refused(`${token}==`)
    await refused(`${token.slice(0, -1)}${String.fromCharCode(last + 1)}`)
  })

  test('another issuer, a missing member and a token bound to a key are refused', async () => {
    for (const claims of [
      { iss: 'https://evil.example' },
      { sub: undefined },
      { client_id: undefined },
      { scope: undefined },
      { exp: undefined },
      { jti: undefined },
      { patient: 'not/an id' },
      { patient: 7 },
      { cnf: { jkt: 'abc' } },
    ]) {
      await refused(await world.token(claims))
    }
  })

  test('a token is good until it expires, give or take five seconds, also once it is remembered', async () => {
    const token = await world.token()
    assert.equal((await read(token)).status, 200)
    world.clock.ahead = 296
    assert.equal((await read(token)).status, 200)
    world.clock.ahead = 310
    await refused(token)
    world.clock.ahead = 0
    const now = Math.floor(Date.now() / 1000)
    await refused(await world.token({ nbf: now + 60 }))
    assert.equal((await read(await world.token({ nbf: now + 3 }))).status, 200)
  })

  test('only the header carries a token, and only one', async () => {
    const token = await world.token()
    assert.equal((await world.fhir(`Patient/pat-a?access_token=${token}`)).status, 401)
    const basic = await read(undefined, { headers: { authorization: `Basic ${token}` } })
    assert.deepEqual([basic.status, basic.headers.get('www-authenticate')], [401, 'Bearer'])
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    for (const malformed of [
      await read(undefined, { headers: { authorization: `Bearer ${token} ${token}` } }),
      await read(undefined, { headers: { authorization: `Bearer ${token},x` } }),
      await read(undefined, { headers: { authorization: 'Bearer' } }),
      await world.fhir(`Patient/pat-a?access_token=${token}`, token),
      await world.fhir('Patient?access_token=', token),
      await world.fhir('Patient/_search', token, { method: 'POST', headers: form, body: `access_token=${token}` }),
      await world.door('studies?access_token=x', token),
    ]) {
      assert.equal(malformed.status, 400) // RFC 6750 §3.1
      assert.equal(malformed.headers.get('www-authenticate'), 'Bearer error="invalid_request"')
      assert.equal(malformed.json.resourceType, 'OperationOutcome')
    }
    assert.equal(await statusOfTwoHeaders(token), 400)
    assert.equal((await read(undefined, { headers: { authorization: `bearer ${token}` } })).status, 200)
  })

  test('while the issuer cannot be asked for its keys the answer is 503, not a verdict', async () => {
    const closed = await startWorld()
    closed.issuer.up = false
    const answer = await closed.fhir('Patient/pat-a', await closed.token())
    await closed.close()
    assert.equal(answer.status, 503)
  })

  test('no token, id or name reaches the log', async () => {
    const token = await world.token()
    await read(token)
    await world.fhir('Observation?patient=pat-b', token)
    const log = world.log.join('\n')
    assert.ok(log.includes('/:orgnr/fhir/*'))
    assert.doesNotMatch(log, /pat-[ab]|Family|eyJ/)
  })

  async function refused(token: string): Promise<void> {
    const answer = await read(token)
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
  }

  /** `fetch` joins equal headers, so this one is written by hand. */
  async function statusOfTwoHeaders(token: string): Promise<number> {
    const { connect } = await import('node:net')
    const socket = connect(world.port, '127.0.0.1')
    socket.write(
      `GET /${OUS}/fhir/Patient/pat-a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`,
    )
    let text = ''
    for await (const piece of socket) text += String(piece)
    return Number(text.split(' ')[1])
  }
})
