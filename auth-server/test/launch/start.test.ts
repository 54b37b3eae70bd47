import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { launchIdIn, locationOf, offer, submitStart } from '#test/support/launch.ts'
import { startWorld, type World } from '#test/support/world.ts'

describe('the start address', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** After an attempt that must not have spent it. */
  const stillStarts = async (startUrl: string) =>
    assert.equal((await submitStart(world, new Browser(), startUrl)).status, 303)

  test('opened twice starts once, also at the same moment', async () => {
    const { startUrl } = await offer(world)
    const answers = await Promise.all([1, 2, 3].map(() => submitStart(world, new Browser(), startUrl)))
    assert.deepEqual(
      answers.map((answer) => answer.status).sort((a, b) => a - b),
      [303, 410, 410],
    )
    assert.equal((await submitStart(world, new Browser(), startUrl)).status, 410)
  })

  test('refuses a missing, null or foreign Origin without being spent', async () => {
    const { startUrl } = await offer(world)
    const portal = new URL(world.launcher.origin).origin
    for (const headers of [
      {},
      { origin: 'null' },
      { origin: 'http://localhost:4101' },
      { origin: portal },
      { origin: `${world.host.origin}.evil.test` },
    ]) {
      const answer = await new Browser().navigate(startUrl, { method: 'POST', headers })
      assert.equal(answer.status, 403)
      assert.deepEqual(answer.headers.getSetCookie(), [])
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
    }
    await stillStarts(startUrl)
  })

  test('and its check hop open for a person only, not for a script or an image (`launch-binding.md` §5)', async () => {
    const { startUrl } = await offer(world)
    const post = { method: 'POST', headers: { origin: world.host.origin } }
    const asWhat = [
      { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'cors' },
      { 'sec-fetch-dest': 'empty', 'sec-fetch-mode': 'navigate' },
      { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'cors' },
    ]
    for (const headers of asWhat) {
      const answer = await new Browser().send(startUrl, { ...post, headers: { ...post.headers, ...headers } })
      assert.equal(answer.status, 403)
      assert.deepEqual(answer.headers.getSetCookie(), [])
    }
    const browser = new Browser()
    const check = locationOf(await submitStart(world, browser, startUrl)).href
    for (const headers of asWhat) assert.equal((await browser.send(check, { headers })).status, 403)
    assert.equal((await browser.navigate(check)).status, 303)
  })

  test('opened by a link starts nothing that the host offered', async () => {
    const { startUrl } = await offer(world)
    assert.equal((await new Browser().navigate(startUrl)).status, 403)
    await stillStarts(startUrl)
  })

  test('is not spent by HEAD or by prefetch', async () => {
    const { startUrl } = await offer(world, {}, { as: 'launcher' })
    assert.equal((await new Browser().navigate(startUrl, { method: 'HEAD' })).status, 405)
    for (const headers of [{ 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }] as const)
      assert.equal((await new Browser().navigate(startUrl, { headers })).status, 403)
    assert.equal((await new Browser().navigate(startUrl)).status, 303)
  })

  test('dies after a minute', async () => {
    const { startUrl } = await offer(world)
    world.clock.aheadMs = 60_000
    try {
      assert.equal((await submitStart(world, new Browser(), startUrl)).status, 410)
    } finally {
      world.clock.aheadMs = 0
    }
  })

  test('leads to a page for the host when the browser keeps no cookie, and the handle never leaves (SAL-46)', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    const started = await submitStart(world, browser, offered.startUrl)
    const launchId = launchIdIn(browser)
    browser.forget()
    const refused = await browser.navigate(locationOf(started).href, {
      headers: { 'accept-language': 'nb-NO,nb;q=0.9,en;q=0.8' },
    })
    assert.equal(refused.status, 403)
    const csp = refused.headers.get('content-security-policy') ?? ''
    assert.match(csp, new RegExp(`frame-ancestors ${world.host.origin}$`))
    assert.equal(refused.headers.get('x-frame-options'), null)
    const nonce = /script-src 'nonce-(?<nonce>[\w-]+)'/.exec(csp)?.groups?.['nonce'] ?? 'none'
    assert.ok(refused.body.includes(`<script nonce="${nonce}">`))
    assert.ok(refused.body.includes(JSON.stringify({ type: 'uthopp:launch-refused', launch: launchId })))
    assert.ok(refused.body.includes(JSON.stringify([world.host.origin])))
    assert.ok(!refused.body.includes(offered.launch))
    assert.match(refused.body, /<html lang="nb">/)
    const english = await browser.navigate(locationOf(started).href, { headers: { 'accept-language': 'en-GB,en' } })
    assert.match(english.body, /<html lang="en">/)
  })

  test('the check hop with a forged proof, by HEAD or by prefetch gives nothing away and spends nothing', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    const check = locationOf(await submitStart(world, browser, offered.startUrl)).href
    const forged = { cookie: `__Host-launch-${launchIdIn(browser)}=${'x'.repeat(43)}` }
    assert.equal((await new Browser().navigate(check, { headers: forged })).status, 410)
    assert.equal((await browser.navigate(check, { method: 'HEAD' })).status, 403)
    assert.equal((await browser.navigate(check, { headers: { 'sec-purpose': 'prefetch' } })).status, 403)
    assert.equal((await browser.navigate(check)).status, 303)
    assert.equal((await browser.navigate(check)).status, 410)
  })

  test('keeps the query an app registered in its launch address (SAL-37)', async () => {
    const { launchAddress } = await import('#src/launch/launch-address.ts')
    assert.equal(
      launchAddress('https://a.test/l?x=a%20b', 'https://f.test/1/fhir', 'h'),
      'https://a.test/l?x=a%20b&iss=https%3A%2F%2Ff.test%2F1%2Ffhir&launch=h',
    )
  })
})
