import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import { Refusal } from '@uthopp/server-kit/refusal'
import { newTrace } from '@uthopp/server-kit/trace'
import { createOpaqueTokens } from '#src/token/opaque-tokens.ts'
import { trustsOf } from '#src/trust.ts'
import { AHUS, type Answer, furnish, OUS, startWorld, until, type World } from '../world.ts'

describe('a token that is no JWT', () => {
  let world: World
  before(async () => {
    world = await startWorld()
    furnish(world.upstream)
  })
  after(() => world.close())
  beforeEach(() => {
    world.issuer.up = true
    world.issuer.introspected.length = 0
  })

  const read = (token: string, path = 'Patient/pat-a'): Promise<Answer> => world.fhir(path, token)
  const unknown = () => `${crypto.randomUUID()}${crypto.randomUUID()}`

  test('opens what a JWT with the same claims opens, and its issuer is asked once', async () => {
    const [opaque, jwt] = [world.opaque(), await world.token()]
    for (const path of [
      'Patient/pat-a',
      'Patient/pat-b',
      'Observation?_sort=_id',
      'Questionnaire/q1',
      'Practitioner',
    ]) {
      const [one, other] = [await read(opaque, path), await read(jwt, path)]
      assert.deepEqual([one.status, one.text], [other.status, other.text], path)
    }
    assert.deepEqual(
      world.issuer.introspected.filter((asked) => asked === opaque),
      [opaque],
    )
    assert.equal((await world.door('studies', opaque)).status, (await world.door('studies', jwt)).status)
  })

  test('is refused when its issuer does not know it, or knows it for something else', async () => {
    for (const [claims, because] of [
      [{ aud: 'https://elsewhere.example/fhir' }, 'another audience'],
      [{ iss: 'https://evil.example' }, 'another issuer'],
      [{ tenant: AHUS }, 'another trust'],
      [{ cnf: { jkt: 'abc' } }, 'bound to a key'],
      [{ exp: Math.floor(Date.now() / 1000) - 10 }, 'over'],
      [{ exp: 'never' }, 'no time'],
      [{ jti: undefined }, 'no id'],
      [{ scope: undefined }, 'no scope'],
      [{ active: false }, 'not active'],
      [{ active: 'true' }, 'not clearly active'],
      [{ patient: 'not/an id' }, 'no patient'],
    ] as const) {
      const answer = await read(world.opaque(claims))
      assert.equal(answer.status, because === 'not clearly active' ? 503 : 401, because)
    }
    const refused = await read(unknown())
    assert.equal(refused.status, 401)
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
  })

  test('is good at the trust that issued it only', async () => {
    const there = await world.at(`/${AHUS}/fhir/Patient/pat-a`, {
      headers: { authorization: `Bearer ${world.opaque()}` },
    })
    assert.equal(there.status, 401)
  })

  test('opens until it expires and no longer, remembered or not', async () => {
    const token = world.opaque()
    assert.equal((await read(token)).status, 200)
    world.clock.ahead = 290
    assert.equal((await read(token)).status, 200)
    world.clock.ahead = 310
    assert.equal((await read(token)).status, 401)
    world.clock.ahead = 0
  })

  test('dies with its grant, its client, its user or by its own id within a second, though it is remembered', async () => {
    for (const [kind, claims, id] of [
      ['grant', { grant_id: 'g-opaque' }, 'g-opaque'],
      ['token', { jti: 'jti-opaque' }, 'jti-opaque'],
      ['client', { client_id: 'app-opaque', iat: Math.floor(Date.now() / 1000) - 5 }, 'app-opaque'],
      ['user', { sub: 'stf-opaque', iat: Math.floor(Date.now() / 1000) - 5 }, 'stf-opaque'],
    ] as const) {
      const [token, other] = [world.opaque(claims), world.opaque()]
      assert.equal((await read(token)).status, 200)
      world.issuer.revoke(OUS, kind, id)
      await until(async () => (await read(token)).status === 401, 1000)
      assert.equal((await read(other)).status, 200)
    }
  })

  test('while its issuer cannot be asked the answer is 503, not a verdict, and the next one is the truth', async () => {
    const token = world.opaque()
    world.issuer.up = false
    const answer = await read(token)
    assert.equal(answer.status, 503)
    assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
    world.issuer.up = true
    assert.equal((await read(token)).status, 200)
  })

  test('is asked about with another token of our own once the one at hand has died, also by many at once', async () => {
    assert.equal((await read(world.opaque())).status, 200)
    world.issuer.era = '-anew'
    const answers = await Promise.all([world.opaque(), world.opaque(), world.opaque()].map((token) => read(token)))
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    world.issuer.era = ''
  })

  test('what was refused is refused from memory, and what has no token’s shape is not asked about', async () => {
    const token = unknown()
    for (let time = 0; time < 5; time += 1) assert.equal((await read(token)).status, 401)
    await Promise.all(Array.from({ length: 10 }, () => read(world.opaque({ exp: 1 }))))
    assert.equal(world.issuer.introspected.filter((asked) => asked === token).length, 1)
    for (const odd of ['short', 'x'.repeat(300), `${'a'.repeat(40)}~`]) assert.equal((await read(odd)).status, 401)
    assert.equal(world.issuer.introspected.length, 11)
  })

  test('many who bring the same unknown token share one question', async () => {
    const token = world.opaque()
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(token)))
    assert.ok(answers.every(({ status }) => status === 200))
    assert.equal(world.issuer.introspected.length, 1)
  })
})

describe('a flood of made-up tokens', () => {
  test('is answered without asking the issuer about each of them', async () => {
    let questions = 0
    const ask = createOpaqueTokens({
      introspect: () => {
        questions += 1
        return Promise.resolve({ active: false })
      },
      now: () => new Date(),
    })
    const [trust] = trustsOf(aDeployment()).values()
    const guess = async (address: string) => {
      const token = `${crypto.randomUUID()}${crypto.randomUUID()}`
      const presented = { token, hash: token, address }
      const refused: unknown = await ask(newTrace(), trust ?? assert.fail(), presented).catch((error) => error)
      return refused instanceof Refusal ? refused.status : 200
    }
    const fromOne = await Promise.all(Array.from({ length: 5000 }, () => guess('10.0.0.1')))
    assert.deepEqual(new Set(fromOne), new Set([401, 429]))
    assert.ok(questions < 200, `${questions} questions`)
    assert.equal(await guess('10.0.0.2'), 401, 'nobody else is kept waiting')
    const fromMany = await Promise.all(Array.from({ length: 5000 }, (_, index) => guess(`10.0.${index}.9`)))
    assert.deepEqual(new Set(fromMany), new Set([401, 503]))
    assert.ok(questions < 1500, `${questions} questions`)
  })

  test('is no flood when the tokens are good', async () => {
    const [trust] = trustsOf(aDeployment()).values()
    assert.ok(trust)
    const now = Math.floor(Date.now() / 1000)
    const claims = { active: true, iss: trust.issuer, aud: trust.fhirBase, tenant: OUS, exp: now + 300, iat: now }
    const ask = createOpaqueTokens({
      introspect: () => Promise.resolve({ ...claims, jti: 'j', sub: 's', client_id: 'c', scope: '', grant_id: 'g' }),
      now: () => new Date(),
    })
    for (let time = 0; time < 500; time += 1) {
      const token = `${crypto.randomUUID()}${crypto.randomUUID()}`
      await ask(newTrace(), trust, { token, hash: token, address: '10.0.0.1' })
    }
  })

  test('disturbs nobody who is known, and no token is in the log', async () => {
    const world = await startWorld()
    furnish(world.upstream)
    const known = world.opaque()
    const read = async (token: string) => (await world.fhir('Patient/pat-a', token)).status
    const before = await read(known)
    const flood = Array.from({ length: 300 }, () => read(`${crypto.randomUUID()}${crypto.randomUUID()}`))
    const meanwhile = [await read(known), await read(await world.token())]
    const statuses = await Promise.all(flood)
    await world.close()
    assert.deepEqual([before, ...meanwhile], [200, 200, 200])
    assert.ok(statuses.every((status) => status === 401 || status === 429))
    assert.doesNotMatch(world.log.join('\n'), new RegExp(known))
  })
})

const aDeployment = () =>
  parseDeployment({
    world: 'demo',
    addresses: {
      launcher: 'http://localhost:4200',
      host: 'http://localhost:4300',
      auth: 'http://localhost:4400',
      gateway: 'http://localhost:4500',
    },
    trusts: [{ orgnr: OUS, name: OUS, shortName: OUS }],
  })
