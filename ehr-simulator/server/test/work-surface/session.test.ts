import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readDoor, readSession } from '../../../web/src/api/session.ts'
import { AHUS, OUS, PASSWORD, startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

describe('signing in to the work surface', () => {
  test('plants one cookie for the trust that script cannot read, other sites do not send and neighbours cannot plant', async () => {
    const answer = await world.screen().signIn('nordmann')
    assert.equal(answer.status, 201)
    const line = answer.headers.get('set-cookie') ?? ''
    assert.match(line, /^__Host-uthopp-993467049=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/)
  })

  test('keeps only a hash of the cookie’s value', async () => {
    const screen = world.screen()
    await screen.signIn('nordmann')
    const secret = screen.cookie.split('=')[1] ?? ''
    const { sql } = await import('@uthopp/storage/sql')
    const rows = await world.database.acrossTenants.all(sql`select * from host_session`)
    assert.equal(rows.length > 0, true)
    assert.equal(JSON.stringify(rows).includes(secret), false)
  })

  test('answers what the work surface reads, with the only role active at once', async () => {
    const screen = world.screen()
    const door = readDoor((await screen.get('trust')).body, 'trust')
    assert.deepEqual([door.orgnr, door.world, door.signedIn], [OUS, 'demo', false])
    const session = readSession((await screen.signIn('nordmann')).body, 'session')
    assert.deepEqual([session.person.family, session.role?.id, session.onlyRole], ['Nordmann', 'agb101', true])
    assert.equal(session.role?.unit, 'Akuttmottak Ullevål')
    assert.equal(readDoor((await screen.get('trust')).body, 'trust').signedIn, true)
  })

  test('lets a person with two roles see nothing before one is chosen', async () => {
    const screen = world.screen()
    const session = readSession((await screen.signIn('fjell')).body, 'session')
    assert.deepEqual([session.role, session.roles.length], [null, 2])
    for (const answer of [await screen.get('unit'), await screen.get('patients/cdp1001')]) {
      assert.deepEqual([answer.status, answer.body['error']], [403, 'role_required'])
    }
    assert.equal((await screen.post('session/role', { role: 'agb102' })).status, 200)
    assert.equal((await screen.get('patients/cdp1001')).status, 200)
  })

  test('refuses a role that is another person’s', async () => {
    const screen = world.screen()
    await screen.signIn('fjell')
    const answer = await screen.post('session/role', { role: 'agb101' })
    assert.deepEqual([answer.status, answer.body['error']], [403, 'role_not_available'])
  })

  test('tells a wrong password and an unknown person apart by nothing', async () => {
    const wrong = await world.screen().post('session', { username: 'nordmann', password: 'x' })
    const unknown = await world.screen().post('session', { username: 'nobody', password: 'x' })
    assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_credentials'])
    assert.deepEqual([unknown.status, unknown.body['error_description']], [401, wrong.body['error_description']])
    assert.equal(wrong.headers.has('set-cookie'), false)
  })

  test('is for staff: a citizen’s right password opens nothing', async () => {
    const answer = await world.screen().signIn('hansen')
    assert.deepEqual([answer.status, answer.body['error']], [403, 'staff_only'])
  })

  test('works by a plain form where no script runs', async () => {
    const screen = world.screen()
    const form = new URLSearchParams({ username: 'nordmann', password: PASSWORD }).toString()
    const answer = await screen.post('session', form, { 'content-type': 'application/x-www-form-urlencoded' })
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/${OUS}/`])
    assert.equal((await screen.get('unit')).status, 200)
  })
})

describe('a session', () => {
  test('is of one trust: its cookie opens nothing at the other', async () => {
    const here = world.screen(OUS)
    await here.signIn('nordmann')
    const there = world.screen(AHUS)
    for (const cookie of [here.cookie, here.cookie.replace(OUS, AHUS)]) {
      there.cookie = cookie
      assert.equal((await there.get('unit')).status, 401)
    }
  })

  test('is nobody’s when a second cookie of its name stands beside it, before or after', async () => {
    const [own, planted] = [world.screen(), world.screen()]
    await own.signIn('nordmann')
    await planted.signIn('fjell', 'agb102')
    for (const cookie of [`${planted.cookie}; ${own.cookie}`, `${own.cookie}; ${planted.cookie}`]) {
      const screen = world.screen()
      screen.cookie = cookie
      assert.equal((await screen.get('session')).status, 401)
    }
  })

  test('of a person who left the screen an hour ago is over', async () => {
    const screen = world.screen()
    await screen.signIn('nordmann')
    world.pass(59)
    assert.equal((await screen.get('session')).status, 200)
    world.pass(59)
    assert.equal((await screen.get('session')).status, 200)
    world.pass(61)
    const answer = await screen.get('session')
    assert.deepEqual([answer.status, answer.body['error']], [401, 'not_signed_in'])
  })

  test('ends its launches at the authorization server on sign-out, and its cookie is worth nothing then', async () => {
    const screen = world.screen()
    await screen.signIn('nordmann')
    const { cookie } = screen
    await screen.post('launches', { app: 'pacs-viewer', workspace: 'workspace-1', patient: 'cdp1004' })
    const offered = world.authorizationServer.heard.at(-1)
    assert.equal((await screen.post('session/end', {})).status, 204)
    const ended = world.authorizationServer.heard.at(-1)
    assert.equal(ended?.path, `/${OUS}/launches/end`)
    assert.deepEqual(ended.body, { session: offered?.body['session'] })
    screen.cookie = cookie
    assert.equal((await screen.get('session')).status, 401)
  })

  test('ends what was launched in the former role when the role changes, and goes on under a new name', async () => {
    const screen = world.screen()
    await screen.signIn('fjell', 'agb102')
    const offer = { app: 'pacs-viewer', workspace: 'workspace-1', patient: 'cdp1001' }
    await screen.post('launches', offer)
    const former = world.authorizationServer.heard.at(-1)?.body['session']
    await screen.post('session/role', { role: 'agb112' })
    assert.deepEqual(world.authorizationServer.heard.at(-1)?.body, { session: former })
    await screen.post('launches', { ...offer, patient: 'cdp1004' })
    assert.notEqual(world.authorizationServer.heard.at(-1)?.body['session'], former)
  })
})

describe('requests that no page of the work surface sent', () => {
  for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:9']) {
    test(`a POST from \`${origin}\` changes nothing`, async () => {
      const screen = world.screen()
      await screen.signIn('nordmann')
      const answer = await screen.post('session/end', {}, { origin })
      assert.deepEqual([answer.status, answer.body['error']], [403, 'foreign_origin'])
      assert.equal((await screen.get('session')).status, 200)
    })
  }

  test('a cross-site POST that hides its origin is refused by its fetch metadata', async () => {
    const answer = await world.screen().post('session', {}, { origin: '', 'sec-fetch-site': 'cross-site' })
    assert.equal(answer.body['error'], 'foreign_origin')
  })

  test('a form cannot stand in for JSON where something is done', async () => {
    const screen = world.screen()
    await screen.signIn('nordmann')
    const answer = await screen.post('session/end', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' })
    assert.equal(answer.status, 415)
  })

  test('a member nobody knows is refused by its name', async () => {
    const answer = await world.screen().post('session', { username: 'nordmann', password: PASSWORD, remember: true })
    assert.equal(answer.status, 400)
    assert.match(String(answer.body['error_description']), /`remember`/)
  })
})
