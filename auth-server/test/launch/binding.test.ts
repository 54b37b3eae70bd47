import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser, type BrowserAnswer } from '#test/support/browser.ts'
import { authorizing, launchIdIn, locationOf, offer, start, submitStart } from '#test/support/launch.ts'
import { AHUS } from '#test/support/stub-host.ts'
import { startWorld, type World } from '#test/support/world.ts'

const errorOf = (answer: BrowserAnswer) => locationOf(answer).searchParams.get('error')
const hasCode = (answer: BrowserAnswer) => locationOf(answer).searchParams.has('code')

describe('a launch that somebody else gets hold of', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('a replayed handle is refused like an unknown one (SAL-40, SAL-41)', async () => {
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world))
    const handle = opened.searchParams.get('launch') ?? ''
    assert.ok(hasCode(await browser.navigate(authorizing(world, handle).url)))
    const replayed = locationOf(await browser.navigate(authorizing(world, handle).url))
    const invented = locationOf(await browser.navigate(authorizing(world, 'x'.repeat(43)).url))
    assert.equal(replayed.searchParams.get('error'), 'invalid_request')
    assert.equal(replayed.searchParams.get('error_description'), invented.searchParams.get('error_description'))
  })

  test('a stolen handle in another browser is refused and logged as an alarm, and the rightful browser still works', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    await start(world, browser, offered)
    const stolen = await new Browser().navigate(authorizing(world, offered.launch).url)
    assert.equal(errorOf(stolen), 'invalid_request')
    assert.ok(
      world.lines.some(
        (line) =>
          line.includes('launch-proof-missing-after-check') &&
          line.includes(launchIdIn(browser)) &&
          line.includes('"level":"error"'),
      ),
    )
    assert.ok(hasCode(await browser.navigate(authorizing(world, offered.launch).url)))
  })

  test('a stolen handle with the proof of another launch is refused', async () => {
    const thief = new Browser()
    const own = await offer(world)
    await start(world, thief, own)
    const victim = new Browser()
    const offered = await offer(world)
    await start(world, victim, offered)
    const forged = [...thief.cookies.values()].map((value) => `__Host-launch-${launchIdIn(victim)}=${value}`).join('; ')
    const answer = await new Browser().navigate(authorizing(world, offered.launch).url, { headers: { cookie: forged } })
    assert.equal(errorOf(answer), 'invalid_request')
    assert.ok(hasCode(await victim.navigate(authorizing(world, offered.launch).url)))
  })

  test('a handle taken from the back channel is worth nothing before the browser started and checked', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    assert.equal(errorOf(await browser.navigate(authorizing(world, offered.launch).url)), 'invalid_request')
    const started = await submitStart(world, browser, offered.startUrl)
    assert.equal(errorOf(await browser.navigate(authorizing(world, offered.launch).url)), 'invalid_request')
    assert.equal((await browser.navigate(locationOf(started).href)).status, 303)
    assert.ok(hasCode(await browser.navigate(authorizing(world, offered.launch).url)))
  })

  test('another app cannot redeem the handle, and the rightful one still can (SAL-41)', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    await start(world, browser, offered)
    const other = authorizing(world, offered.launch, { client_id: 'nutrition', redirect_uri: 'http://localhost:4102/' })
    assert.equal(errorOf(await browser.navigate(other.url)), 'invalid_request')
    assert.ok(hasCode(await browser.navigate(authorizing(world, offered.launch).url)))
  })

  test('another trust does not know the handle (SAL-42)', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    await start(world, browser, offered)
    assert.equal(errorOf(await browser.navigate(authorizing(world, offered.launch, {}, AHUS).url)), 'invalid_request')
    assert.ok(hasCode(await browser.navigate(authorizing(world, offered.launch).url)))
  })

  test('a page that fetches with the browser’s cookies is refused, and the navigation still works', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    await start(world, browser, offered)
    for (const mode of ['cors', 'no-cors', 'same-origin'])
      assert.equal(
        errorOf(await browser.send(authorizing(world, offered.launch).url, { headers: { 'sec-fetch-mode': mode } })),
        'invalid_request',
      )
    assert.ok(hasCode(await browser.send(authorizing(world, offered.launch).url)))
  })

  test('HEAD and prefetch of the authorization request spend nothing', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    await start(world, browser, offered)
    const { url } = authorizing(world, offered.launch)
    assert.equal((await browser.navigate(url, { method: 'HEAD' })).status, 405)
    assert.equal((await browser.navigate(url, { headers: { 'sec-purpose': 'prefetch' } })).status, 403)
    assert.ok(hasCode(await browser.navigate(url)))
  })

  test('a handle dies after five minutes', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    await start(world, browser, offered)
    world.clock.aheadMs = 5 * 60_000
    try {
      assert.equal(errorOf(await browser.navigate(authorizing(world, offered.launch).url)), 'invalid_request')
    } finally {
      world.clock.aheadMs = 0
    }
  })
})
