import { expect, test } from '@playwright/test'
import { HttpBrowser, type Step } from '../lib/http-browser.ts'
import { type RegisteredClient, registerClient } from './client-kinds.ts'
import { exchangeForm, kindNamed } from './launched.ts'
import { answersFor, authorizationRequest, type Request } from './launches.ts'
import { firstForm, type PageForm, sendForm } from './pages.ts'
import { runningTarget, useServer } from './running-world.ts'
import { askForTokens, readFhir, type Tokens } from './tokens.ts'

const BASE = 'launch/patient openid fhirUser offline_access'
const server = useServer()
const target = runningTarget()

type Asking = {
  readonly client: RegisteredClient
  readonly request: Request
  readonly browser: HttpBrowser
  readonly page: Step
}

/** A standalone request up to the first page. */
async function ask(scope: string, overrides: Readonly<Record<string, string>> = {}, post = false): Promise<Asking> {
  const { smart, keyServer } = server()
  const client = await registerClient(smart, kindNamed('public'), { scope, keyServer })
  const browser = new HttpBrowser()
  const request = authorizationRequest(target, client, undefined)
  const query = new URLSearchParams({ ...request.parameters, scope, ...overrides }).toString()
  const first = post
    ? await browser.post(
        smart.authorization_endpoint,
        'http://localhost:4567',
        { 'sec-fetch-site': 'cross-site' },
        query,
      )
    : await browser.get(`${smart.authorization_endpoint}?${query}`)
  return { client, request, browser, page: await browser.walk(first) }
}

type Answer = (form: PageForm) => {
  readonly answers: Readonly<Record<string, string>>
  readonly leftOut?: readonly string[]
}
const asTheTargetDoes: Answer = (form) => ({ answers: answersFor(form, target) })

/** Answers page after page until one redirects to the app. */
async function answerAll({ browser, page: first }: Asking, answer: Answer = asTheTargetDoes): Promise<URLSearchParams> {
  let page = first
  for (let count = 0; count < 6 && page.location === undefined; count += 1) {
    const form = firstForm(page)
    const { answers, leftOut } = answer(form)
    page = await browser.walk(await sendForm(browser, page, form, answers, leftOut))
  }
  return new URL(page.location ?? 'about:blank').searchParams
}

async function tokensOf(asking: Asking, answer?: Answer): Promise<Tokens> {
  const redirect = new URL(asking.client.redirectUri)
  redirect.search = (await answerAll(asking, answer)).toString()
  return askForTokens(asking.client, server().smart.token_endpoint, exchangeForm({ ...asking, redirect }))
}

test('a standalone launch with the scopes of the kits is granted them literally, and the patient who was picked', async () => {
  for (const post of [false, true]) {
    const asking = await ask(`${BASE} patient/*.rs`, {}, post)
    const tokens = await tokensOf(asking)
    expect(tokens.scope.split(' ').toSorted()).toEqual(`${BASE} patient/*.rs`.split(' ').toSorted())
    expect((await readFhir(target, tokens.access_token, `Patient/${tokens.patient}`)).status).toBe(200)
    expect((await readFhir(target, tokens.access_token, `Observation?patient=${tokens.patient}`)).status).toBe(200)
  }
})

test('a patient scope without `launch/patient` has a patient picked all the same', async () => {
  const { client, request, ...asking } = await ask('openid fhirUser offline_access patient/Patient.r')
  let picked: string | undefined
  const tokens = await tokensOf({ client, request, ...asking }, (form) => {
    const answers = answersFor(form, target)
    picked = answers['patient'] ?? picked
    return { answers }
  })
  expect(tokens.patient).toBe(picked)
})

test('an encounter that is asked for belongs to the patient who was picked', async () => {
  const tokens = await tokensOf(await ask(`${BASE} launch/encounter patient/Patient.r patient/Encounter.r`))
  const answer = await readFhir(target, tokens.access_token, `Encounter/${String(tokens['encounter'])}`)
  expect(await answer.json()).toMatchObject({ subject: { reference: `Patient/${tokens.patient}` } })
})

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

test('what a person unticks is not granted, and what is left is exactly what the token opens', async () => {
  const asking = await ask(`${BASE} patient/Patient.r patient/Observation.rs patient/Condition.rs`)
  const tokens = await tokensOf(asking, (form) => ({
    answers: answersFor(form, target),
    leftOut: ['patient/Condition.rs'],
  }))
  expect(tokens.scope.split(' ')).toContain('patient/Observation.rs')
  expect(tokens.scope).not.toContain('Condition')
  expect((await readFhir(target, tokens.access_token, `Observation?patient=${tokens.patient}`)).status).toBe(200)
  expect((await readFhir(target, tokens.access_token, `Condition?patient=${tokens.patient}`)).status).toBe(403)
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

test('two standalone launches of one app at once in one browser keep the patient that was picked in each', async () => {
  const one = await ask(`${BASE} patient/Patient.r`)
  const signedIn = await one.browser.walk(await sendForm(one.browser, one.page, firstForm(one.page), target.person))
  const { parameters, ...rest } = authorizationRequest(target, one.client, undefined)
  const query = new URLSearchParams({ ...parameters, scope: `${BASE} patient/Patient.r` }).toString()
  const second = await one.browser.walk(await one.browser.get(`${server().smart.authorization_endpoint}?${query}`))
  const choices = firstForm(second).choices.get('patient') ?? []
  expect(choices.length).toBeGreaterThanOrEqual(2)
  const picking =
    (patient: string | undefined): Answer =>
    (form) => ({ answers: answersFor(form, { ...target, patient }) })
  const other = { ...one, request: { parameters, ...rest }, page: second }
  const [later, earlier] = [
    await tokensOf(other, picking(choices[1])),
    await tokensOf({ ...one, page: signedIn }, picking(choices[0])),
  ]
  expect([earlier.patient, later.patient]).toEqual(choices.slice(0, 2))
  for (const [tokens, patient] of [
    [earlier, choices[1]],
    [later, choices[0]],
  ] as const)
    expect((await readFhir(target, tokens.access_token, `Patient/${patient}`)).status).toBe(404)
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
