import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '@uthopp/storage/sql'
import { Browser } from '#test/support/browser.ts'
import { locationOf } from '#test/support/launch.ts'
import { allow, openPage, signIn, standalone, submit, submitAndFollow } from '#test/support/standalone.ts'
import { startWorld, type World } from '#test/support/world.ts'

describe('a remembered consent', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const silently = async (browser: Browser, changes: Readonly<Record<string, string>>) => {
    const { searchParams } = locationOf(await browser.navigate(standalone(world, { prompt: 'none', ...changes }).url))
    return searchParams.get('error') ?? (searchParams.has('code') ? 'code' : 'neither')
  }
  const answers = async () =>
    world.db.acrossTenants.all<{ user_id: string; answer: string }>(sql`select user_id, answer from consent`)
  /** As if the page had named this patient; `undefined`: an answer from before that was kept. */
  const wasAbout = async (patient: string | undefined) => {
    const row = (await answers()).find((one) => one.user_id === 'cdp1005')
    const answer = { ...(JSON.parse(row?.answer ?? '{}') as object), patient } // written by the server under test
    await world.db.acrossTenants.run(
      sql`update consent set answer = ${JSON.stringify(answer)} where user_id = ${'cdp1005'}`,
    )
  }

  test('of a citizen counts for the patient whom the page named, and for no other', async () => {
    const browser = new Browser()
    const wish = { scope: 'openid fhirUser patient/Patient.r' }
    const { address } = await openPage(browser, standalone(world, wish).url)
    assert.ok((await allow(browser, address, await signIn(browser, address, 'cdp1005'))).searchParams.has('code'))
    assert.equal(await silently(browser, wish), 'code')
    for (const patient of ['cdp1001', undefined]) {
      await wasAbout(patient)
      assert.equal(await silently(browser, wish), 'consent_required', String(patient))
      const asked = await openPage(browser, standalone(world, wish).url)
      assert.match(asked.page.body, /name="decision"/)
      assert.ok((await allow(browser, asked.address, asked.page)).searchParams.has('code'))
      assert.equal(await silently(browser, wish), 'code')
    }
    await wasAbout('cdp1001')
    assert.equal(await silently(browser, { scope: 'openid fhirUser' }), 'code', 'nothing about a patient is asked for')
  })

  test('of a clinician is about the app, whomever it is opened for', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world).url)
    await signIn(browser, address)
    const consent = await submitAndFollow(browser, address, { patient: 'cdp1001' })
    assert.ok((await allow(browser, address, consent)).searchParams.has('code'))
    const again = await openPage(browser, standalone(world).url)
    let next = locationOf(await submit(browser, again.address, { patient: 'cdp1002' }))
    // A page would answer without a place to go to, and the code is never reached.
    for (let hops = 0; hops < 4 && next.protocol === 'http:' && !next.searchParams.has('code'); hops += 1)
      next = locationOf(await browser.navigate(next.href))
    assert.ok(next.searchParams.has('code'))
  })
})
