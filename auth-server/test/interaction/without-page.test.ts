import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '@uthopp/storage/sql'
import { denied } from '#test/policy/in-test-point.ts'
import { Browser } from '#test/support/browser.ts'
import { locationOf } from '#test/support/launch.ts'
import { allow, openPage, signIn, standalone } from '#test/support/standalone.ts'
import { startWorld, type World } from '#test/support/world.ts'

describe('an app that asks for no page (prompt=none, OIDC Core §3.1.2.6)', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('hears temporarily_unavailable while the host or policy does not answer, and not what a person would have to do', async () => {
    const silent = async (browser: Browser) =>
      locationOf(await browser.navigate(standalone(world, { prompt: 'none', scope: 'openid patient/Patient.r' }).url))
    const browser = new Browser()
    const wish = standalone(world, { scope: 'openid patient/Patient.r' })
    const { address } = await openPage(browser, wish.url)
    assert.ok((await allow(browser, address, await signIn(browser, address, 'cdp1005'))).searchParams.has('code'))
    const lines = world.lines.length
    world.host.down.value = true
    try {
      const answer = await silent(browser)
      assert.equal(answer.searchParams.get('error'), 'temporarily_unavailable')
      assert.equal(answer.searchParams.get('code'), null)
      assert.match(answer.searchParams.get('error_description') ?? '', /host cannot be asked/)
      const told = world.lines.slice(lines).filter((line) => line.includes('"event":"request-failed"'))
      assert.equal(told.length, 1, 'somebody has to learn of it')
      assert.match(told[0] ?? '', /the directory answered 500/)
      assert.equal((await silent(new Browser())).searchParams.get('error'), 'login_required', 'who is not there is not')
      const page = await openPage(browser, wish.url)
      assert.equal(page.page.status, 503)
      assert.match(page.page.body, /ikke tilgjengelig/)
      world.host.down.value = false
      const resumed = locationOf(await browser.navigate(page.address))
      assert.ok(locationOf(await browser.navigate(resumed.href)).searchParams.has('code'), 'the page goes on')
    } finally {
      world.host.down.value = false
    }
    world.policy().answer = () => denied('facts-unavailable')
    try {
      assert.equal((await silent(browser)).searchParams.get('error'), 'temporarily_unavailable')
    } finally {
      world.policy().answer = () => undefined
    }
    assert.ok((await silent(browser)).searchParams.has('code'))
  })

  test('is told a fault of ours as one, and nothing more of it', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world).url)
    await signIn(browser, address, 'cdp1005')
    await world.db.acrossTenants.run(sql`alter table consent rename to consent_away`)
    try {
      const answer = await browser.navigate(standalone(world, { prompt: 'none' }).url)
      assert.equal(answer.status, 500)
      assert.doesNotMatch(answer.body, /consent/)
    } finally {
      await world.db.acrossTenants.run(sql`alter table consent_away rename to consent`)
    }
  })
})
