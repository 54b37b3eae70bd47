import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { AHUS, OUS, startHostWorld } from '../http/host-world.ts'
import { askerOf } from './asking.ts'

let now = new Date()
const world = await startHostWorld({ now: () => now })
after(() => world.close())
const ask = askerOf(world)
const ids = (list: unknown) => (list as { id: string }[]).map(({ id }) => id) // the directory's own lists

describe('who may ask the directory', () => {
  test('nobody without a token, with another scope, or of another trust', async () => {
    const { auth, gateway } = world.deployment.addresses
    const audience = `${world.address}/${OUS}/directory`
    const hostile = [
      null,
      await world.asAuthorizationServer(AHUS),
      await world.asAuthorizationServer(OUS, '__launch'),
      await world.asGateway(),
      await world.forge({ issuer: `${auth}/${AHUS}`, audience, scope: '__directory' }),
      await world.forge({ issuer: gateway, audience, scope: '__directory' }),
      await world.forge({
        issuer: `${auth}/${OUS}`,
        audience: `${world.address}/${AHUS}/directory`,
        scope: '__directory',
      }),
    ]
    for (const as of hostile) {
      for (const path of [
        '/users/find',
        '/users/verify',
        '/patients/search',
        '/context/check',
        '/patients/describe',
        '/patients/identify',
        '/log-names',
        '/world',
      ]) {
        assert.equal((await ask(path, {}, { as })).status, 401, path)
      }
    }
  })

  test('the launcher may, with its own key for the trust', async () => {
    const as = await world.forge({
      issuer: world.deployment.addresses.launcher,
      audience: `${world.address}/${OUS}/directory`,
      scope: '__directory',
    })
    assert.equal((await ask('/users/find', { user: 'stf101' }, { as })).status, 200)
  })

  test('only by POST, so that names stay out of addresses', async () => {
    const answer = await fetch(`${world.address}/${OUS}/directory/users/find?user=stf101`, {
      headers: { authorization: await world.asAuthorizationServer() },
    })
    assert.equal(answer.status, 405)
  })
})

describe('finding a user', () => {
  test('by id and by username gives the roles at this trust', async () => {
    for (const question of [{ user: 'stf102' }, { username: 'fjell' }]) {
      const { status, body } = await ask('/users/find', question)
      assert.equal(status, 200)
      const user = body['user'] as {
        id: string
        name: string
        profession: string
        roles: { id: string; name: string; organization: string }[]
      } // as described
      assert.equal(user.id, 'stf102')
      assert.equal(user.profession, 'Sykepleier')
      assert.deepEqual(ids(user.roles), ['agb102', 'agb112'])
      assert.equal(user.roles[0]?.organization, 'aks101')
    }
  })

  test('of the other trust, or nobody, is 404', async () => {
    for (const user of ['stf201', 'nobody', "' or 1=1 --"])
      assert.equal((await ask('/users/find', { user })).status, 404)
  })

  test('needs exactly one of its members, and names an unknown one', async () => {
    assert.equal((await ask('/users/find', {})).status, 400)
    assert.equal((await ask('/users/find', { user: 'stf101', username: 'nordmann' })).status, 400)
    const { status, body } = await ask('/users/find', { user: 'stf101', nickname: 'x' })
    assert.equal(status, 400)
    assert.match(String(body['error_description']), /`nickname`/)
    assert.equal(body['error'], 'invalid_request')
    assert.match(String(body['correlation_id']), /^[0-9a-f]{32}$/)
  })
})

describe('verifying a password', () => {
  test('gives the user, staff and citizen alike', async () => {
    const staff = await ask('/users/verify', { username: 'nordmann', password: 'uthopp-demo' })
    assert.equal((staff.body['user'] as { id: string }).id, 'stf101')
    const citizen = await ask('/users/verify', { username: 'hansen', password: 'uthopp-demo' })
    assert.deepEqual(citizen.body['user'], {
      id: 'cdp1004',
      kind: 'citizen',
      username: 'hansen',
      name: 'Nora Hansen',
      profession: 'Innbygger',
      roles: [],
    })
  })

  test('refuses a wrong password and an unknown person in the same words', async () => {
    const wrong = await ask('/users/verify', { username: 'lund', password: 'x' })
    const unknown = await ask('/users/verify', { username: 'nobody', password: 'x' })
    for (const answer of [wrong, unknown, await ask('/users/verify', { username: 'tveit', password: 'uthopp-demo' })]) {
      assert.equal(answer.status, 401)
      assert.equal(answer.body['error'], 'invalid_credentials')
      assert.equal(answer.body['error_description'], wrong.body['error_description'])
    }
  })

  test('closes a username after ten failures in a minute, right password or not, and opens it again', async () => {
    for (const username of ['krogh', 'does-not-exist']) {
      for (let attempt = 0; attempt < 10; attempt += 1) {
        assert.equal((await ask('/users/verify', { username, password: 'guess' })).status, 401)
      }
      const closed = await ask('/users/verify', { username, password: 'uthopp-demo' })
      assert.equal(closed.status, 429)
      const seconds = Number(closed.headers.get('retry-after'))
      assert.ok(seconds > 0 && seconds <= 60)
    }
    assert.equal((await ask('/users/verify', { username: 'holm', password: 'uthopp-demo' })).status, 200)
    now = new Date(now.getTime() + 61_000)
    assert.equal((await ask('/users/verify', { username: 'krogh', password: 'uthopp-demo' })).status, 200)
  })

  test('is never closed by signing in rightly', async () => {
    for (let attempt = 0; attempt < 12; attempt += 1) {
      assert.equal((await ask('/users/verify', { username: 'bakke', password: 'uthopp-demo' })).status, 200)
    }
  })
})

describe('patients a user may see', () => {
  test('are those of the units of the role', async () => {
    const all = await ask('/patients/search', { user: 'stf101', role: 'agb101', text: '' })
    assert.deepEqual(ids(all.body['patients']), ['cdp1002', 'cdp1003', 'cdp1004', 'cdp1008'])
    const kitchen = await ask('/patients/search', { user: 'stf107', text: '', role: 'agb101' })
    assert.deepEqual(kitchen.body['patients'], []) // somebody else's role gives nothing
  })

  test('are found by the start of a name, a whole birth date or a whole national id', async () => {
    for (const text of [
      'han',
      'NORA',
      'nora hansen',
      'Hansen, Nora',
      '1959-09-24',
      '24.09.1959',
      '24895949457',
      '248959 49457',
    ]) {
      assert.deepEqual(
        ids((await ask('/patients/search', { user: 'stf101', text })).body['patients']),
        ['cdp1004'],
        text,
      )
    }
    for (const text of ['ansen', '%', "' or '1'='1", 'berg']) {
      assert.deepEqual((await ask('/patients/search', { user: 'stf101', text })).body['patients'], [], text)
    }
  })

  test('are not found by the beginning of a number or a date: digit by digit, whoever searches could read them off', async () => {
    for (const text of ['24', '2489', '2489594945', '1959', '1959-09', 'nora 24', '٢٤٨٩']) {
      assert.deepEqual((await ask('/patients/search', { user: 'stf101', text })).body['patients'], [], text)
    }
  })

  test('come no more than asked for', async () => {
    assert.equal(
      (await ask('/patients/search', { user: 'stf101', text: '', limit: 1 })).body['patients']?.toString().split(',')
        .length,
      1,
    )
    assert.equal((await ask('/patients/search', { user: 'stf101', text: '', limit: 0 })).status, 400)
    assert.equal((await ask('/patients/search', { user: 'nobody', text: '' })).status, 404)
  })
})

describe('checking a context', () => {
  test('says of each thing whether it is, and of nothing that was not asked', async () => {
    const question = {
      user: 'stf101',
      role: 'agb101',
      patient: 'cdp1004',
      encounter: 'enc1004',
      references: ['ImagingStudy/img1004-1', 'ImagingStudy/none', 'Foo/1', 'x', 'Patient/cdp1004/_history/1'],
    }
    assert.deepEqual((await ask('/context/check', question)).body, {
      user: true,
      role: true,
      patient: true,
      encounter: true,
      references: {
        'ImagingStudy/img1004-1': true,
        'ImagingStudy/none': false,
        'Foo/1': false,
        x: false,
        'Patient/cdp1004/_history/1': false,
      },
      roles: [{ id: 'agb101', name: 'Lege, akuttmottak' }],
    })
    assert.deepEqual((await ask('/context/check', { user: 'stf102' })).body, {
      user: true,
      role: null,
      patient: null,
      encounter: null,
      references: {},
      roles: [
        { id: 'agb102', name: 'Sykepleier, sengepost 4B' },
        { id: 'agb112', name: 'Sykepleier, akuttmottak' },
      ],
    })
  })

  test('takes a reference to clinical data only with the patient whose it is, and to the directory always', async () => {
    const references = ['ImagingStudy/img1004-1', 'Encounter/enc1004', 'Patient/cdp1004', 'Practitioner/stf101']
    const answers = async (patient: string | undefined) =>
      Object.values((await ask('/context/check', { user: 'stf101', patient, references })).body['references'] as object) // the API answers one boolean a reference
    assert.deepEqual(await answers('cdp1004'), [true, true, true, true])
    assert.deepEqual(await answers('cdp1001'), [false, false, false, true])
    assert.deepEqual(await answers(undefined), [false, false, false, true])
    assert.deepEqual(await answers('x/../cdp1004'), [false, false, false, true])
  })

  test("says no to another's role, another trust's user or patient, and another patient's encounter", async () => {
    const { body } = await ask('/context/check', {
      user: 'stf201',
      role: 'agb201',
      patient: 'cdp2003',
      encounter: 'enc2003',
    })
    assert.deepEqual(
      [body['user'], body['role'], body['patient'], body['encounter'], body['roles']],
      [false, false, false, false, []],
    )
    assert.equal((await ask('/context/check', { user: 'stf101', role: 'agb102' })).body['role'], false)
    assert.equal(
      (await ask('/context/check', { user: 'stf101', patient: 'cdp1004', encounter: 'enc1001' })).body['encounter'],
      false,
    )
  })
})
