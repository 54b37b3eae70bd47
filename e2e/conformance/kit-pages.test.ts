import { expect, test } from '@playwright/test'
import { HttpBrowser, type Step } from '../lib/http-browser.ts'
import { registerClient } from './client-kinds.ts'
import { kindNamed } from './launched.ts'
import { answersFor, authorizationRequest } from './launches.ts'
import { firstForm, sendForm } from './pages.ts'
import { runningTarget, useServer } from './running-world.ts'
import { standaloneRequests } from './standalone-request.ts'

const BASE = 'launch/patient openid fhirUser offline_access'
const server = useServer()
const target = runningTarget()
const { ask, answerAll } = standaloneRequests(target, server)

test('a person who declines sends the app an error, its state and the issuer, and no code', async () => {
  for (const refuseAt of ['username', 'patient', 'decision']) {
    const asking = await ask(`${BASE} patient/Patient.r`)
    const told = await answerAll(asking, (form) => {
      const here = refuseAt === 'decision' ? form.choices.get('decision')?.includes('allow') === true : false
      const asked = here || form.texts.includes(refuseAt) || (refuseAt !== 'decision' && form.choices.has(refuseAt))
      return { answers: asked ? { decision: 'deny' } : answersFor(form, target) }
    })
    expect(told.get('code')).toBeNull()
    expect([refuseAt, told.get('error'), told.get('state'), told.get('iss')]).toEqual([
      refuseAt,
      'access_denied',
      asking.request.parameters['state'],
      server().smart.issuer,
    ])
  }
})

test('a wrong password leads nowhere, and the right one after it does', async () => {
  const asking = await ask(`${BASE} patient/Patient.r`)
  const wrong = { ...target.person, password: 'wrong' }
  const page = await asking.browser.walk(await sendForm(asking.browser, asking.page, firstForm(asking.page), wrong))
  expect([page.location, page.status >= 400 && page.status < 500]).toEqual([undefined, true])
  expect((await answerAll({ ...asking, page })).get('code')).toBeTruthy()
})

test('every page is for a window of its own: no frame, no script, no cache, no other site’s form', async () => {
  const asking = await ask(`${BASE} patient/Patient.r`)
  let page = asking.page
  for (let count = 0; count < 6 && page.location === undefined; count += 1) {
    const csp = page.headers.get('content-security-policy') ?? ''
    expect(csp).toContain("frame-ancestors 'none'")
    expect(csp).toContain("default-src 'none'")
    expect(page.headers.get('cache-control')).toContain('no-store')
    expect(page.body).not.toMatch(/<script|\son\w+=/i)
    const form = firstForm(page)
    const answers = answersFor(form, target)
    const body = new URLSearchParams({ ...Object.fromEntries(form.fields), ...answers }).toString()
    const foreign = await asking.browser.post(form.action, 'https://evil.example', {}, body)
    expect([foreign.status, foreign.location]).toEqual([403, undefined])
    page = await asking.browser.walk(await sendForm(asking.browser, page, form, answers))
  }
  expect(new URL(page.location ?? 'about:blank').searchParams.get('code')).toBeTruthy()
})

test('an interaction of somebody else’s browser is nobody’s, and stays its owner’s', async () => {
  const asking = await ask(`${BASE} patient/Patient.r`)
  const thief = new HttpBrowser()
  const seen = await thief.get(asking.page.url)
  expect([seen.location, seen.body.includes('name="username"')]).toEqual([undefined, false])
  const form = firstForm(asking.page)
  const body = new URLSearchParams({ ...target.person }).toString()
  const sent = await thief.post(form.action, new URL(asking.page.url).origin, {}, body)
  expect([sent.location, sent.status >= 400]).toEqual([undefined, true])
  expect((await answerAll(asking)).get('code')).toBeTruthy()
})

test('`prompt=none` shows no page: an error goes to the app, whoever is signed in', async () => {
  const scope = `${BASE} patient/Patient.r`
  const asking = await ask(scope)
  expect((await answerAll(asking)).get('code')).toBeTruthy()
  for (const browser of [new HttpBrowser(), asking.browser]) {
    const { parameters } = authorizationRequest(target, asking.client, undefined)
    const query = new URLSearchParams({ ...parameters, scope, prompt: 'none' }).toString()
    const step = await browser.walk(await browser.get(`${server().smart.authorization_endpoint}?${query}`))
    const told = new URL(step.location ?? 'about:blank').searchParams
    expect(['login_required', 'interaction_required', 'consent_required']).toContain(told.get('error'))
    expect([told.get('state'), told.get('code')]).toEqual([parameters['state'], null])
  }
})

test('what a request says about itself is text on a page and never markup', async () => {
  const hint = '"><script>alert(1)</script><input name="username" value="'
  const { smart, keyServer } = server()
  const metadata = { client_name: '<script>alert(2)</script>' }
  const client = await registerClient(smart, kindNamed('public'), { scope: BASE, keyServer, metadata })
  const { parameters } = authorizationRequest(target, client, undefined)
  const query = new URLSearchParams({ ...parameters, login_hint: hint, ui_locales: hint, display: hint }).toString()
  const browser = new HttpBrowser()
  const page = await browser.walk(await browser.get(`${smart.authorization_endpoint}?${query}`))
  expect(page.body).not.toMatch(/<script/i)
  if (page.location === undefined) expect(firstForm(page).texts).toEqual(['username', 'password'])
})

test('the way back to the app leads to a page again before the last one is answered, and to no second code after it', async () => {
  const asking = await ask(`${BASE} patient/Patient.r`)
  const goBack = async (page: Step) =>
    asking.browser.walk(await asking.browser.get(page.url.replace('/interaction/', '/auth/')))
  const first = await goBack(asking.page)
  expect(firstForm(first).texts).toContain('username')
  const signedIn = await asking.browser.walk(await sendForm(asking.browser, first, firstForm(first), target.person))
  const picking = await goBack(signedIn)
  expect(firstForm(picking).choices.has('patient')).toBe(true)
  expect((await answerAll({ ...asking, page: picking })).get('code')).toBeTruthy()
  expect(new URL((await goBack(picking)).location ?? 'about:blank').searchParams.get('code')).toBeNull()
})
