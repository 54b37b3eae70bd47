import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { AHUS, OUS, startHostWorld } from '../http/host-world.ts'
import { askerOf } from './asking.ts'

const now = new Date()
const world = await startHostWorld({ now: () => now })
after(() => world.close())
const ask = askerOf(world)
const ids = (list: unknown) => (list as { id: string }[]).map(({ id }) => id) // the directory's own lists

describe('describing', () => {
  test('a patient tells the encounters, newest first', async () => {
    const { body } = await ask('/patients/describe', { patient: 'cdp1004' })
    assert.equal(body['name'], 'Nora Hansen')
    assert.equal(ids(body['encounters'])[0], 'enc1004')
    assert.equal((await ask('/patients/describe', { patient: 'cdp2003' })).status, 404)
  })

  test('the demo world tells everybody of this trust and nobody else', async () => {
    const { body } = await ask('/world', {})
    const people = (body['people'] as { user: string }[]).map(({ user }) => user) // as described
    assert.ok(people.includes('stf101') && !people.includes('stf201') && !people.includes('cdp1004'))
    assert.deepEqual(ids(body['patients']), [
      'cdp1001',
      'cdp1002',
      'cdp1003',
      'cdp1004',
      'cdp1005',
      'cdp1006',
      'cdp1007',
      'cdp1008',
    ])
    assert.deepEqual(body['defaults'], { user: 'stf101', role: 'agb101', patient: 'cdp1004' })
    assert.deepEqual(ids(body['units']).slice(0, 2), ['lok101', 'lok102'])
    assert.equal((await ask('/world', { all: true })).status, 400)
  })

  test('there is no such world in production, no launcher, and no password that everybody knows', async () => {
    const production = await startHostWorld({ world: 'production' })
    const audience = `${production.address}/${OUS}/directory`
    const post = async (path: string, authorization: string, body: unknown = {}) => {
      const headers = { 'content-type': 'application/json', authorization }
      return (await fetch(`${audience}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status
    }
    const demo = { username: 'nordmann', password: 'uthopp-demo' }
    assert.equal(await post('/users/verify', await production.asAuthorizationServer(), demo), 401)
    assert.equal(await post('/world', await production.asAuthorizationServer()), 404)
    const launcher = await production.forge({
      issuer: production.deployment.addresses.launcher,
      audience,
      scope: '__directory',
    })
    assert.equal(await post('/users/find', launcher), 401)
    await production.close()
  })
})

describe('the names behind an access log', () => {
  test('are told to the authorization server of the trust: person, role, department, unit and patient', async () => {
    const { status, body } = await ask('/log-names', {
      users: ['stf101', 'gone'],
      roles: ['agb101'],
      patients: ['cdp1001'],
    })
    assert.equal(status, 200)
    const [person, ...others] = body['staff'] as readonly Readonly<Record<string, unknown>>[] // the directory's own list
    assert.deepEqual(others, [])
    assert.deepEqual([person?.['family'], person?.['profession']], ['Nordmann', { code: 'LE', text: 'Lege' }])
    assert.match(String(person?.['national_id']), /^\d{11}$/)
    const [role] = body['roles'] as readonly { department: { resh: string }; location: { name: string } }[] // as above
    assert.match(role?.department.resh ?? '', /^\d+$/)
    assert.equal(role?.location.name, 'Akuttmottak Ullevål')
    assert.deepEqual(body['patients'], [{ id: 'cdp1001', family: 'Berg', given: 'Solveig' }])
  })

  test('and the patient behind a number are told to nobody else, not to the developer portal either', async () => {
    const as = await world.forge({
      issuer: world.deployment.addresses.launcher,
      audience: `${world.address}/${OUS}/directory`,
      scope: '__directory',
    })
    assert.equal((await ask('/log-names', { users: [], roles: [], patients: [] }, { as })).status, 403)
    assert.equal((await ask('/patients/identify', { national_id: '19854349034' }, { as })).status, 403)
    assert.deepEqual((await ask('/patients/identify', { national_id: '19854349034' })).body, { patient: 'cdp1001' })
    assert.equal((await ask('/patients/identify', { national_id: '19854349034' }, { orgnr: AHUS })).status, 404)
  })
})
