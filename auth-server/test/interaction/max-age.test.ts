import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import { Browser } from '#test/support/browser.ts'
import { exchange, locationOf } from '#test/support/launch.ts'
import { allow, openPage, signIn, standalone, submitAndFollow, throughPages } from '#test/support/standalone.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

/** Short, because the host takes nobody's word from a future far away. */
const LATER_MS = 20_000

describe('`max_age` of a standalone launch (OIDC Core §3.1.2.1)', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())
  afterEach(() => {
    world.clock.aheadMs = 0
  })

  const signedIn = async (): Promise<Browser> => {
    const browser = new Browser()
    await throughPages(browser, standalone(world).url)
    return browser
  }
  const claimsOf = async (request: ReturnType<typeof standalone>, redirect: URL) => {
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    return decodeJwt(String(tokens['id_token']))
  }

  test('takes a sign-in that is young enough, and says when it was', async () => {
    const browser = await signedIn()
    const request = standalone(world, { max_age: '600', scope: 'openid fhirUser offline_access' })
    const before = Math.floor(Date.now() / 1000)
    const { auth_time: at } = await claimsOf(request, locationOf(await browser.navigate(request.url)))
    assert.equal(typeof at, 'number')
    assert.ok(Math.abs(Number(at) - before) < 60)
  })

  test('asks for a sign-in anew when it is older, although the cookie is still good, and says the new time', async () => {
    const browser = await signedIn()
    world.clock.aheadMs = LATER_MS
    const request = standalone(world, { max_age: '10', prompt: 'consent' })
    const { address, page } = await openPage(browser, request.url)
    assert.match(page.body, /name="password"/)
    const picker = await signIn(browser, address)
    assert.match(picker.body, /name="patient"/)
    // Reading takes its time: what was young when it was asked for stays good for this request.
    world.clock.aheadMs = 2 * LATER_MS
    const consent = await submitAndFollow(browser, address, { patient: 'cdp1001' })
    const { auth_time: at } = await claimsOf(request, await allow(browser, address, consent))
    assert.ok(Number(at) > Date.now() / 1000 + 10)
  })

  test('with 0 always asks, and with `prompt=none` answers login_required instead of asking', async () => {
    const browser = await signedIn()
    const { page } = await openPage(browser, standalone(world, { max_age: '0' }).url)
    assert.match(page.body, /name="password"/)
    world.clock.aheadMs = LATER_MS
    const silent = (changes: Readonly<Record<string, string>>) =>
      browser.navigate(standalone(world, { prompt: 'none', ...changes }).url)
    assert.equal(locationOf(await silent({ max_age: '10' })).searchParams.get('error'), 'login_required')
    assert.notEqual(locationOf(await silent({ max_age: '3000' })).searchParams.get('error'), 'login_required')
    assert.equal(locationOf(await silent({ max_age: '-5' })).searchParams.get('error'), 'invalid_request')
  })

  test('that was not sent leaves `auth_time` out', async () => {
    const request = standalone(world)
    const redirect = await throughPages(new Browser(), request.url)
    assert.equal((await claimsOf(request, redirect))['auth_time'], undefined)
  })
})
