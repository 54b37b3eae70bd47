import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { exchange, locationOf, refresh } from '#test/support/launch.ts'
import { AHUS, PASSWORD } from '#test/support/stub-host.ts'
import {
  allow,
  fieldsOf,
  openPage,
  signIn,
  standalone,
  submit,
  submitAndFollow,
  throughPages,
} from '#test/support/standalone.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

describe('the interaction pages', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const opened = async (changes: Readonly<Record<string, string>> = {}) => {
    const browser = new Browser()
    const request = standalone(world, { prompt: 'consent', ...changes })
    return { browser, request, ...(await openPage(browser, request.url)) }
  }
  const atConsent = async (patient = 'cdp1001') => {
    const visit = await opened()
    await signIn(visit.browser, visit.address)
    return { ...visit, consent: await submitAndFollow(visit.browser, visit.address, { patient }) }
  }

  test('run no script, stand in no frame and are kept nowhere (SAL-63)', async () => {
    const { page } = await opened()
    const csp = page.headers.get('content-security-policy') ?? ''
    assert.match(csp, /default-src 'none'/)
    assert.match(csp, /frame-ancestors 'none'/)
    assert.doesNotMatch(csp, /script-src|unsafe/)
    assert.doesNotMatch(page.body, /<script/)
    assert.equal(page.headers.get('x-frame-options'), 'DENY')
    assert.equal(page.headers.get('cache-control'), 'no-store')
    assert.equal(page.headers.get('referrer-policy'), 'same-origin')
  })

  test('set cookies that scripts, other sites’ forms and plain http elsewhere do not get', async () => {
    const browser = new Browser()
    const answer = await browser.navigate(standalone(world).url)
    const address = locationOf(answer).href
    const signedIn = await submit(browser, address, { username: 'stf101', password: PASSWORD })
    const lines = [...answer.headers.getSetCookie(), ...signedIn.headers.getSetCookie()]
    assert.ok(lines.length >= 3)
    for (const line of lines) {
      assert.match(line, /^__(Secure|Host)-/)
      assert.match(line, /; ?secure/i)
      assert.match(line, /; ?httponly/i)
      assert.match(line, /; ?samesite=lax/i)
      assert.doesNotMatch(line, /domain=/i)
      assert.match(line, line.startsWith('__Host-') ? /; Path=\/;/ : /path=\/993467049\/(interaction|auth)\//i)
    }
  })

  test('take no form of another site (cross-site request forgery)', async () => {
    const { browser, address } = await opened()
    for (const headers of [{ origin: 'https://evil.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      const answer = await submit(browser, address, { username: 'stf101', password: PASSWORD }, headers)
      assert.equal(answer.status, 403)
      assert.deepEqual(answer.headers.getSetCookie(), [])
    }
    assert.match((await browser.navigate(address)).body, /name="password"/)
  })

  test('open in the browser that brought the request and in no other', async () => {
    const { browser, address, consent } = await atConsent()
    const fields = fieldsOf(consent)
    fields.set('decision', 'allow')
    const thief = new Browser()
    assert.equal((await thief.navigate(address)).status, 400)
    assert.equal((await submit(thief, address, fields)).status, 400)
    const resume = locationOf(await submit(browser, address, fields)).href
    const stolen = await thief.navigate(resume)
    assert.equal(stolen.headers.get('location'), null)
    assert.equal(stolen.status, 400)
  })

  test('do not let the cookie of one interaction open another, or one that was made up', async () => {
    const first = await opened()
    const second = await openPage(first.browser, standalone(world).url)
    const [name, value] = [...first.browser.cookies].find(([cookie]) => cookie.endsWith('interaction')) ?? ['', '']
    assert.ok(second.address.endsWith(value))
    assert.equal((await first.browser.navigate(first.address)).status, 400, 'the cookie now names the second')
    const forged = Browser.with(new Map([[name, first.address.split('/').at(-1) ?? '']]))
    assert.equal((await forged.navigate(first.address)).status, 400)
  })

  test('give nobody’s patient: not one out of care, not one of the other trust, not one that does not exist', async () => {
    const { browser, address } = await opened()
    await signIn(browser, address)
    for (const patient of ['cdp1003', 'cdp2001', 'cdp9999', '', '../cdp1001', '<script>']) {
      const answer = await submit(browser, address, { patient, search: 'x' })
      assert.equal(answer.status, 403, patient)
      assert.match(answer.body, /name="patient"/)
    }
    assert.equal((await submit(browser, address, { decision: 'allow', scope: 'openid' })).status, 400)
  })

  test('ask anew when somebody else signs in between, and give the first person’s choices to nobody', async () => {
    const { browser, address, consent } = await atConsent('cdp1002')
    const other = new Browser()
    await signIn(other, (await openPage(other, standalone(world).url)).address, 'stf102')
    const theirs = [...other.cookies].find(([name]) => name.includes('sign-in'))
    assert.ok(theirs)
    // One browser, two tabs: the second tab's sign-in replaced the first one's.
    const tab = Browser.with(new Map([...browser.cookies, theirs]))
    const fields = fieldsOf(consent)
    fields.set('decision', 'allow')
    const answer = await submit(tab, address, fields)
    assert.equal(answer.status, 403)
    assert.match(answer.body, /Noen andre har logget inn/)
    assert.doesNotMatch(answer.body, /Ola/)
    assert.doesNotMatch((await tab.navigate(address)).body, /Ola/)
  })

  test('refuse the way back to somebody else than who answered', async () => {
    const { browser, address, consent } = await atConsent()
    const fields = fieldsOf(consent)
    fields.set('decision', 'allow')
    const resume = locationOf(await submit(browser, address, fields)).href
    const cookies = new Map(browser.cookies)
    const other = new Browser()
    const theirs = await openPage(other, standalone(world).url)
    await signIn(other, theirs.address, 'stf104')
    const signInCookie = [...other.cookies].find(([name]) => name.includes('sign-in'))
    assert.ok(signInCookie)
    cookies.set(...signInCookie)
    const answer = locationOf(await Browser.with(cookies).navigate(resume))
    assert.equal(answer.searchParams.get('error'), 'access_denied')
    assert.equal(answer.searchParams.get('code'), null)
  })

  test('lead to one code, however often and however fast the way back is taken', async () => {
    const { browser, address, consent, request } = await atConsent()
    const fields = fieldsOf(consent)
    fields.set('decision', 'allow')
    const resume = locationOf(await submit(browser, address, fields)).href
    const windows = [1, 2, 3, 4].map(() => Browser.with(browser.cookies))
    const answers = await Promise.all(windows.map((window) => window.navigate(resume)))
    const codes = answers.flatMap((answer) => {
      const location = answer.headers.get('location')
      return location === null ? [] : (new URL(location).searchParams.get('code') ?? [])
    })
    assert.equal(codes.length, 1)
    assert.equal((await exchange(world, request, codes[0] ?? '')).status, 200)
  })

  test('take an answer for the page it was given to: a choice made anew elsewhere is shown first', async () => {
    const { browser, address, consent } = await atConsent('cdp1001')
    await submit(browser, address, { patient: 'cdp1002' })
    const fields = fieldsOf(consent)
    fields.set('decision', 'allow')
    const answer = await submit(browser, address, fields)
    assert.equal(answer.status, 409)
    assert.match(answer.body, /Ola/)
    const redirect = await allow(browser, address, answer)
    assert.ok(redirect.searchParams.has('code'))
  })

  test('write names as text, whatever is in them', async () => {
    const { consent } = await atConsent('cdp1002')
    assert.match(consent.body, /&lt;b&gt;&quot;Ola&quot; &amp; Lien&lt;\/b&gt;/)
    assert.doesNotMatch(consent.body, /<b>/)
    const { browser, address, page } = await opened({ login_hint: '"><script>alert(1)</script>' })
    assert.doesNotMatch(page.body, /<script/)
    const wrong = await submit(browser, address, { username: '"><img src=x>', password: 'x' })
    assert.doesNotMatch(wrong.body, /<img/)
    await signIn(browser, address)
    const search = await submit(browser, address, { search: '"><img src=x>', action: 'search' })
    assert.doesNotMatch(search.body, /<img/)
  })

  test('say that a password is wrong without saying of whom, and when to try again after too many', async () => {
    const { browser, address } = await opened()
    const wrong = await submit(browser, address, { username: 'nobody', password: 'x' })
    assert.equal(wrong.status, 403)
    for (let tries = 0; tries < 3; tries += 1) await submit(browser, address, { username: 'stf999', password: 'x' })
    const closed = await submit(browser, address, { username: 'stf999', password: PASSWORD })
    assert.equal(closed.status, 429)
    assert.equal(closed.headers.get('retry-after'), '30')
    assert.match(closed.body, /30 sekunder/)
  })

  test('know no form with a field twice, of another type, or too large', async () => {
    const { browser, address } = await opened()
    const send = (body: string, type = 'application/x-www-form-urlencoded') =>
      browser.navigate(address, { method: 'POST', headers: { 'content-type': type }, body })
    assert.equal((await send('username=a&username=b&password=c')).status, 400)
    assert.equal((await send('{}', 'application/json')).status, 415)
    assert.equal((await send(`username=${'x'.repeat(70_000)}`)).status, 413)
  })

  test('say so when the directory does not answer, and go on when it does', async () => {
    const { browser, address } = await opened()
    world.host.down.value = true
    const answer = await submit(browser, address, { username: 'stf101', password: PASSWORD })
    world.host.down.value = false
    assert.equal(answer.status, 503)
    assert.match(answer.body, /ikke tilgjengelig/)
    assert.match((await signIn(browser, address)).body, /name="patient"/)
  })

  test('are over after a quarter of an hour, and a sign-in after an hour', async () => {
    const { browser, address } = await opened()
    await signIn(browser, address)
    world.clock.aheadMs = 61 * 60_000
    const again = await browser.navigate(standalone(world, { prompt: 'none' }).url)
    world.clock.aheadMs = 0
    assert.equal(locationOf(again).searchParams.get('error'), 'login_required')
  })

  test('take nobody for signed in whose cookie comes twice', async () => {
    const { browser, address } = await opened()
    await signIn(browser, address)
    const [name, value] = [...browser.cookies].find(([cookie]) => cookie.includes('sign-in')) ?? ['', '']
    const answer = await new Browser().navigate(standalone(world, { prompt: 'none' }).url, {
      headers: { cookie: `${name}=planted; ${name}=${value}` },
    })
    assert.equal(locationOf(answer).searchParams.get('error'), 'login_required')
  })

  test('leave one trust’s sign-in worth nothing at the other', async () => {
    const { browser, address } = await opened()
    await signIn(browser, address)
    const answer = await browser.navigate(standalone(world, { prompt: 'none' }, AHUS).url)
    assert.equal(locationOf(answer).searchParams.get('error'), 'login_required')
  })

  test('keep no password, no name and no code in the log', async () => {
    const lines = world.lines.join('\n')
    for (const secret of [PASSWORD, 'Name of', 'Ola', 'Berg', 'nobody']) assert.ok(!lines.includes(secret), secret)
  })

  test('two launches of one person keep each their patient, over refreshes too (SAL-94)', async () => {
    const browser = new Browser()
    const tokensFor = async (patient: string) => {
      const request = standalone(world)
      const redirect = await throughPages(browser, request.url, { patient })
      return json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    }
    const [first, second] = [await tokensFor('cdp1001'), await tokensFor('cdp1002')]
    for (const [tokens, patient] of [
      [first, 'cdp1001'],
      [second, 'cdp1002'],
    ] as const) {
      assert.equal(tokens['patient'], patient)
      assert.equal((await json(await refresh(world, tokens['refresh_token'])))['patient'], patient)
    }
  })
})
