import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, test } from 'node:test'
import { type Screen, startSurfaceWorld, type SurfaceWorld } from './surface-world.ts'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

// Whatever an earlier test left behind is ended and told before the next one looks.
beforeEach(async () => {
  world.authorizationServer.mood = 'well'
  world.pass(61)
  const screen = world.screen()
  await screen.signIn('nordmann')
  await screen.post('session/end', {})
  heard().length = 0
})

const HOUR_MS = 3_600_000
const OFFER = { app: 'pacs-viewer', workspace: 'workspace-1', patient: 'cdp1004' }
const heard = () => world.authorizationServer.heard

/** Signs in, opens an app, and answers the session's name at the authorization server. */
async function atWork(): Promise<{ readonly screen: Screen; readonly session: unknown }> {
  const screen = world.screen()
  await screen.signIn('nordmann')
  await screen.post('launches', OFFER)
  return { screen, session: heard().at(-1)?.body['session'] }
}

const traceIdOf = (traceparent: string | undefined) => traceparent?.split('-')[1]

describe('the launches of a session that nobody uses any longer', () => {
  test('end at the next sign-in of anybody, and those of a session in use do not (SAL-185)', async () => {
    const [left, used] = [await atWork(), await atWork()]
    world.pass(50)
    assert.equal((await used.screen.get('session')).status, 200)
    world.pass(11)
    await world.screen().signIn('nordmann')
    const ended = heard().filter(({ path }) => path.endsWith('/launches/end'))
    assert.deepEqual(
      ended.map(({ body }) => body),
      [{ session: left.session }],
    )
    assert.equal((await left.screen.get('session')).status, 401)
    assert.equal((await used.screen.get('session')).status, 200)
  })

  test('end by the clock, with no request at all (SAL-185)', async () => {
    const { session } = await atWork()
    world.pass(61)
    const told = world.authorizationServer.next()
    world.startSweeping(HOUR_MS)
    assert.deepEqual((await told).body, { session })
  })

  test('end by the clock even when the authorization server was away at the first sweep', async () => {
    const { session } = await atWork()
    world.pass(61)
    world.authorizationServer.mood = 'away'
    await world.screen().signIn('nordmann')
    world.authorizationServer.mood = 'well'
    world.pass(1)
    const told = world.authorizationServer.next()
    world.startSweeping(HOUR_MS)
    assert.deepEqual((await told).body, { session })
  })
})

describe('a launch that was on its way when its session ended', () => {
  for (const [what, username, role, path, body] of [
    ['the person signs out', 'nordmann', undefined, 'session/end', {}],
    ['the role changes', 'fjell', 'agb112', 'session/role', { role: 'agb102' }],
  ] as const) {
    test(`is ended too, and not handed out: ${what}`, async (context) => {
      const screen = world.screen()
      await screen.signIn(username, role)
      context.after(() => (world.authorizationServer.meanwhile = undefined))
      world.authorizationServer.meanwhile = () => screen.post(path, body)
      const answer = await screen.post('launches', OFFER)
      assert.deepEqual([answer.status, answer.body['error']], [401, 'not_signed_in'])
      const offer = heard().find(({ path }) => path.endsWith('/launches'))
      assert.deepEqual(heard().at(-1)?.body, { session: offer?.body['session'] })
      assert.equal(heard().length, 3, 'ended by the click, and once more for the launch that came after it')
    })
  }
})

describe('an ending the authorization server could not hear', () => {
  test('does not keep anybody from signing out, and is told once when it can be', async () => {
    const { screen, session } = await atWork()
    world.authorizationServer.mood = 'away'
    assert.equal((await screen.post('session/end', {})).status, 204)
    world.authorizationServer.mood = 'well'
    world.pass(1)
    await world.screen().get('trust')
    assert.deepEqual(heard().at(-1)?.body, { session })
    const told = heard().length
    world.pass(1)
    await world.screen().get('trust')
    assert.equal(heard().length, told)
  })

  test('is told in the trace of the click that caused it, not of whoever came next', async () => {
    const { screen } = await atWork()
    world.authorizationServer.mood = 'away'
    const click = (await screen.post('session/end', {})).headers.get('x-correlation-id')
    world.authorizationServer.mood = 'well'
    world.pass(1)
    await world.screen().get('trust')
    assert.equal(traceIdOf(heard().at(-1)?.traceparent), click)
  })
})

test('offers and endings carry the trace of the request they were made in', async () => {
  const screen = world.screen()
  await screen.signIn('nordmann')
  const answer = await screen.post('launches', OFFER)
  assert.equal(traceIdOf(heard().at(-1)?.traceparent), answer.headers.get('x-correlation-id'))
  const end = await screen.post('launches/end', { workspace: OFFER.workspace })
  assert.equal(traceIdOf(heard().at(-1)?.traceparent), end.headers.get('x-correlation-id'))
})
