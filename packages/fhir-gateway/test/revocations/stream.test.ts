import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { AHUS, type Answer, furnish, OUS, startWorld, until, type World } from '../world.ts'

const SILENCE_MS = 1000

describe('the revocation stream', () => {
  let world: World
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
  })
  after(() => world.close())

  const read = (token: string): Promise<Answer> => world.fhir('Patient/pat-a', token)
  const dies = (token: string) => until(async () => (await read(token)).status === 401, 1000)

  test('a token whose grant is revoked is refused within a second at both doors, remembered or not', async () => {
    const [token, other] = [await world.token({ grant_id: 'g1' }), await world.token({ grant_id: 'g2' })]
    assert.equal((await read(token)).status, 200)
    assert.equal((await read(other)).status, 200)
    world.issuer.revoke(OUS, 'grant', 'g1')
    await dies(token)
    const refused = await read(token)
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
    assert.equal(refused.json.resourceType, 'OperationOutcome')
    assert.equal((await world.door('studies', token)).status, 401)
    assert.equal((await read(await world.token({ grant_id: 'g1' }))).status, 401, 'one signed while the grant died')
    assert.equal((await read(other)).status, 200)
  })

  test('what happens to a client or a user ends what was issued until then, and nothing later', async () => {
    const now = Math.floor(Date.now() / 1000)
    for (const [kind, claims] of [
      ['client', { client_id: 'gone' }],
      ['user', { sub: 'stf109' }],
    ] as const) {
      const old = await world.token({ ...claims, iat: now - 10 })
      const fresh = await world.token({ ...claims, iat: now })
      assert.equal((await read(old)).status, 200)
      world.issuer.revoke(OUS, kind, Object.values(claims)[0] ?? '', new Date((now - 5) * 1000))
      await dies(old)
      assert.equal((await read(fresh)).status, 200)
    }
  })

  test('one token of a backend service dies by its own id, and no other of that service', async () => {
    const service = { client_id: 'robot', sub: 'robot', scope: 'system/*.rs', grant_id: undefined, patient: undefined }
    const [token, other] = [await world.token({ ...service, jti: 'jti-1' }), await world.token(service)]
    assert.equal((await read(token)).status, 200)
    world.issuer.revoke(OUS, 'token', 'jti-1')
    await dies(token)
    assert.equal((await read(other)).status, 200)
  })

  test('tokens of backend services, which have no grant, die with their client', async () => {
    const token = await world.token({
      client_id: 'robot',
      sub: 'robot',
      scope: 'system/*.rs',
      grant_id: undefined,
      patient: undefined,
    })
    assert.equal((await read(token)).status, 200)
    world.issuer.revoke(OUS, 'client', 'robot')
    await dies(token)
  })

  test('what another trust revokes says nothing about this one', async () => {
    const token = await world.token({ grant_id: 'g3' })
    world.issuer.revoke(AHUS, 'grant', 'g3')
    const ahus = await world.token({ grant_id: 'g3' }, { orgnr: AHUS })
    const there = () => world.at(`/${AHUS}/fhir/Patient/pat-a`, { headers: { authorization: `Bearer ${ahus}` } })
    await until(async () => (await there()).status === 401)
    assert.equal((await read(token)).status, 200)
  })

  test('a lost connection is made again, from the last sequence, and what died meanwhile is known', async () => {
    const token = await world.token({ grant_id: 'g4' })
    assert.equal((await read(token)).status, 200)
    const readers = world.issuer.readers.length
    world.issuer.cut()
    world.issuer.revoke(OUS, 'grant', 'g4')
    await dies(token)
    const again = world.issuer.readers.slice(readers).find(({ orgnr }) => orgnr === OUS)
    assert.match(again?.after ?? '', /^stub\.\d+$/)
    assert.equal((await read(await world.token())).status, 200, 'nobody else noticed')
  })

  test('a line that is not understood ends the connection, since it may have been about a token in use', async () => {
    for (const line of [
      'nonsense\n',
      '[]\n',
      '{"kind":"planet","id":"x","at":"2030-01-01T00:00:00Z","sequence":"stub.0"}\n',
      '{"kind":"grant","id":7,"at":"2030-01-01T00:00:00Z","sequence":"stub.0"}\n',
      '{"kind":"grant","id":"x","at":"yesterday","sequence":"stub.0"}\n',
      '{"kind":"heartbeat"}\n',
      'x'.repeat(70_000),
    ]) {
      const readers = world.issuer.readers.length
      world.issuer.say(OUS, line)
      await until(() => world.issuer.readers.length > readers)
    }
    await until(async () => (await read(await world.token())).status === 200)
  })

  test('the log tells of neither tokens nor assertions', () => {
    assert.doesNotMatch(world.log.join('\n'), /eyJ|stream-of-/)
  })
})

describe('without the revocation stream', () => {
  let world: World | undefined
  afterEach(async () => {
    await world?.close()
    world = undefined
  })

  test('protected requests are answered 503 after the silence, discovery goes on, and it recovers by itself', async () => {
    world = await startWorld({ revocationSilenceMs: SILENCE_MS })
    furnish(world.upstream)
    const { issuer } = world
    const token = await world.token({ grant_id: 'g1' })
    const read = (path = 'Patient/pat-a') => (world ?? assert.fail()).fhir(path, token)
    assert.equal((await read()).status, 200)
    issuer.stream = 'silent'
    await until(async () => (await read()).status === 503)
    const refused = await read()
    assert.match(refused.headers.get('retry-after') ?? '', /^[1-9]\d?$/)
    assert.equal(refused.json.resourceType, 'OperationOutcome')
    assert.equal(refused.json.issue[0].code, 'transient')
    assert.equal((await world.door('studies', token)).status, 503)
    assert.equal((await world.fhir('Patient/pat-a')).status, 401, 'who brings no token hears that')
    assert.equal((await read('metadata')).status, 200)
    assert.equal((await read('.well-known/smart-configuration')).status, 200)
    assert.match((await world.at('/health/ready')).json.reason, /revocation/)
    issuer.stream = 'beating'
    await until(async () => (await read()).status === 200)
    assert.equal((await (world ?? assert.fail()).at('/health/ready')).status, 200)
  })

  test('events alone do not open: only a heartbeat says that nothing is missing', async () => {
    world = await startWorld({ stream: 'silent' })
    furnish(world.upstream)
    const { issuer } = world
    const [dead, alive] = [await world.token({ grant_id: 'g1' }), await world.token({ grant_id: 'g2' })]
    const statusOf = async (token: string) => (await (world ?? assert.fail()).fhir('Patient/pat-a', token)).status
    assert.equal((await world.at('/health/ready')).status, 503)
    await until(() => issuer.readers.some(({ orgnr }) => orgnr === OUS))
    issuer.revoke(OUS, 'grant', 'g1')
    await until(async () => (await statusOf(dead)) === 401)
    assert.equal(await statusOf(alive), 503)
    issuer.stream = 'beating'
    await until(async () => (await statusOf(alive)) === 200)
    assert.equal(await statusOf(dead), 401)
  })

  test('a gateway that is not let in opens nothing', async () => {
    world = await startWorld({ stream: 'refusing' })
    furnish(world.upstream)
    const { issuer } = world
    await until(() => issuer.readers.length > 3)
    assert.equal((await world.fhir('Patient/pat-a', await world.token())).status, 503)
    assert.equal((await world.at('/health/ready')).status, 503)
  })
})
