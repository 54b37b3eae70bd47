import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { authorizing, exchange, launch, launchIdIn, locationOf, offer, refresh, start } from '#test/support/launch.ts'
import { callApi, json, startWorld, type World } from '#test/support/world.ts'

describe('the log of whole journeys', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('tells every step of a launch and holds no secret', async () => {
    const browser = new Browser()
    const { offered, request, code, tokens, redirect } = await launch(world, browser)
    const refreshed = await json(await refresh(world, tokens['refresh_token']))
    const second = await offer(world)
    await start(world, browser, second)
    const proofs = [...browser.cookies.values()]
    await new Browser().navigate(authorizing(world, second.launch).url)
    await exchange(world, request, code)
    await callApi(world, '/launches/end', { session: 'session-1' })
    const log = world.lines.join('')
    for (const event of [
      'launch-offered',
      'launch-started',
      'launch-checked',
      'launch-redeemed',
      'launch-authorized',
      'token-issued',
      'launch-redeem-refused',
      'launch-proof-missing-after-check',
      'token-refused',
      'launch-ended',
    ])
      assert.ok(log.includes(`"event":"${event}"`), event)
    assert.ok(log.includes(launchIdIn(browser)))
    const secrets = [code, offered.launch, second.launch, request.verifier, request.state, ...proofs]
    for (const url of [offered.startUrl, second.startUrl]) secrets.push(url.slice(url.lastIndexOf('/') + 1))
    for (const set of [tokens, refreshed])
      for (const name of ['access_token', 'refresh_token', 'id_token']) secrets.push(String(set[name]))
    for (const secret of secrets) {
      assert.ok(secret.length > 20)
      assert.ok(!log.includes(secret))
    }
    assert.ok(!log.includes(redirect.search))
    assert.doesNotMatch(log, /cdp1001|stf101/)
  })

  test('knows a person’s number to quote', async () => {
    const answer = await new Browser().navigate(authorizing(world, 'x', { client_id: 'nobody' }).url)
    const id = answer.headers.get('x-correlation-id') ?? 'none'
    assert.ok(answer.body.includes(id))
    assert.ok(world.lines.some((line) => line.includes(id) && line.includes('authorization-refused')))
    assert.equal(locationOf(answer).protocol, 'missing:')
  })
})
