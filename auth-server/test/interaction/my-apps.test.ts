import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { exchange, refresh } from '#test/support/launch.ts'
import { PASSWORD } from '#test/support/stub-host.ts'
import { openPage, standalone, submit, submitAndFollow, throughPages, valuesOf } from '#test/support/standalone.ts'
import { json, postForm, startWorld, type World } from '#test/support/world.ts'

describe('“Mine apper”', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const page = () => `${world.issuer()}/apps`
  const signedIn = async (username = 'stf101') => {
    const browser = new Browser()
    await submitAndFollow(browser, page(), { username, password: PASSWORD })
    return browser
  }
  const tokensOf = async (browser: Browser, changes: Readonly<Record<string, string>> = {}) => {
    const request = standalone(world, changes)
    const redirect = await throughPages(browser, request.url)
    return json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
  }

  test('is where discovery says, and asks who is there (SAL-195)', async () => {
    const discovery = await json(await fetch(`${world.issuer()}/.well-known/smart-configuration`))
    assert.equal(discovery['management_endpoint'], page())
    const answer = await new Browser().navigate(page())
    assert.match(answer.body, /name="password"/)
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
    assert.equal((await submit(new Browser(), page(), { username: 'stf101', password: 'x' })).status, 403)
  })

  test('shows what was let in and ends it: refresh and access tokens die, and the app has to ask again', async () => {
    const browser = await signedIn()
    const tokens = await tokensOf(browser)
    const nutrition = { client_id: 'nutrition', redirect_uri: 'http://localhost:4102/' }
    const others = await tokensOf(browser, nutrition)
    const list = await browser.navigate(page())
    assert.deepEqual([...valuesOf(list, 'withdraw')].sort(), ['nutrition', 'pacs-viewer'])
    assert.match(list.body, /Beholde tilgangen når du ikke er til stede/)

    const after = await submitAndFollow(browser, page(), { withdraw: 'pacs-viewer' })
    assert.deepEqual(valuesOf(after, 'withdraw'), ['nutrition'])
    assert.equal((await json(await refresh(world, tokens['refresh_token'])))['error'], 'invalid_grant')
    const token = String(tokens['access_token'])
    assert.equal(
      (await postForm(`${world.issuer()}/introspect`, { token }, { authorization: `Bearer ${token}` })).status,
      401,
    )
    assert.equal((await refresh(world, others['refresh_token'])).status, 200)
    const { address } = await openPage(browser, standalone(world).url)
    assert.match(
      (await submitAndFollow(browser, address, { patient: 'cdp1001' })).body,
      /name="decision" value="allow"/,
    )
  })

  test('does nothing for an app that was never let in, or is none, and the log hears of no withdrawal', async () => {
    const browser = await signedIn('stf104')
    for (const withdraw of ['nutrition', 'app-nobody', '', 'a b', 'ÆØÅ', '../x', 'x'.repeat(300)]) {
      const answer = await submit(browser, page(), { withdraw })
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, page()], withdraw)
    }
    assert.ok(
      world.lines.every((line) => !line.includes('"event":"consent-withdrawn"') || line.includes('pacs-viewer')),
    )
  })

  test('ends nobody else’s, takes no form of another site, and lets people sign out', async () => {
    const theirs = await signedIn('stf104')
    const tokens = await tokensOf(theirs)
    const browser = await signedIn('stf102')
    await submit(browser, page(), { withdraw: 'pacs-viewer' })
    const foreign = await submit(theirs, page(), { withdraw: 'pacs-viewer' }, { origin: 'https://evil.test' })
    assert.equal(foreign.status, 403)
    const kept = await json(await refresh(world, tokens['refresh_token']))
    assert.ok(kept['refresh_token'])
    assert.match((await submitAndFollow(theirs, page(), { action: 'sign-out' })).body, /name="password"/)
    assert.match((await submit(theirs, page(), { withdraw: 'pacs-viewer' })).body, /name="password"/)
    assert.ok((await json(await refresh(world, kept['refresh_token'])))['refresh_token'])
  })
})
