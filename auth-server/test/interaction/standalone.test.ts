import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeJwt } from 'jose'
import { Browser } from '#test/support/browser.ts'
import { exchange, launch, locationOf, refresh } from '#test/support/launch.ts'
import {
  allow,
  fieldsOf,
  openPage,
  signIn,
  STANDALONE_SCOPE,
  standalone,
  submit,
  submitAndFollow,
  throughPages,
  valuesOf,
} from '#test/support/standalone.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

describe('a standalone launch', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('signs in, picks a patient, asks, and answers tokens about that patient (SAL-48, SAL-49, SAL-50)', async () => {
    const browser = new Browser()
    const request = standalone(world)
    const { address, page } = await openPage(browser, request.url)
    assert.equal(page.status, 200)
    assert.match(page.body, /name="username"[\s\S]*name="password"/)

    const picker = await signIn(browser, address)
    assert.deepEqual(valuesOf(picker, 'patient'), ['cdp1001', 'cdp1002'])
    assert.match(picker.body, /Kari Berg, født 02\.01\.1950/)
    const consent = await submitAndFollow(browser, address, { patient: 'cdp1002' })
    assert.deepEqual(fieldsOf(consent).getAll('scope').join(' '), STANDALONE_SCOPE)
    assert.match(consent.body, /Beholde tilgangen når du ikke er til stede/)
    assert.match(consent.body, /Name of stf101/)

    const redirect = await allow(browser, address, consent)
    assert.equal(`${redirect.origin}${redirect.pathname}`, request.redirectUri)
    assert.equal(redirect.searchParams.get('state'), request.state)
    assert.equal(redirect.searchParams.get('iss'), world.issuer())
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    assert.equal(tokens['patient'], 'cdp1002')
    assert.equal(tokens['need_patient_banner'], true)
    assert.equal(tokens['scope'], STANDALONE_SCOPE)
    assert.equal(tokens['intent'], undefined)
    const access = decodeJwt(String(tokens['access_token']))
    assert.equal(access.sub, 'stf101')
    assert.equal(access['patient'], 'cdp1002')
    assert.equal(decodeJwt(String(tokens['id_token']))['fhirUser'], `${world.fhirBase()}/Practitioner/stf101`)

    const refreshed = await json(await refresh(world, tokens['refresh_token']))
    assert.equal(refreshed['patient'], 'cdp1002')
    assert.equal(refreshed['scope'], STANDALONE_SCOPE)
  })

  test('grants what stays ticked and nothing else (SAL-64)', async () => {
    const browser = new Browser()
    const request = standalone(world, { client_id: 'nutrition', redirect_uri: 'http://localhost:4102/' })
    const { address } = await openPage(browser, request.url)
    await signIn(browser, address)
    const consent = await submitAndFollow(browser, address, { patient: 'cdp1001' })
    const about = fieldsOf(consent).get('about') ?? ''
    const ticked = new URLSearchParams({ about, decision: 'allow' })
    assert.equal((await submit(browser, address, ticked)).status, 400, 'nothing is not an answer')
    for (const scope of ['openid', 'patient/Patient.r', 'patient/*.cruds', 'user/*.rs']) ticked.append('scope', scope)
    const resumed = await submit(browser, address, ticked)
    const redirect = locationOf(await browser.navigate(locationOf(resumed).href))
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    assert.equal(tokens['scope'], 'openid patient/Patient.r')
    assert.equal(tokens['patient'], 'cdp1001')
    assert.equal(tokens['refresh_token'], undefined)
  })

  test('lets the person narrow a type to categories, and returns the narrower scopes (SAL-64, SAL-147)', async () => {
    const browser = new Browser()
    const request = standalone(world, { scope: 'openid patient/Observation.rs', prompt: 'consent' })
    const { address } = await openPage(browser, request.url)
    await signIn(browser, address)
    const consent = await submitAndFollow(browser, address, { patient: 'cdp1001' })
    const category = (code: string) =>
      `patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|${code}`
    assert.match(consent.body, /<select name="only" multiple/)
    const fields = fieldsOf(consent)
    fields.set('decision', 'allow')
    for (const only of [category('laboratory'), category('vital-signs')]) fields.append('only', only)
    for (const wrong of [category('made-up'), 'patient/*.rs']) {
      const made = new URLSearchParams(fields)
      made.append('only', wrong)
      assert.equal((await submit(browser, address, made)).status, 400, wrong)
    }
    const resumed = await submit(browser, address, fields)
    const redirect = locationOf(await browser.navigate(locationOf(resumed).href))
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    const granted = `openid ${category('laboratory')} ${category('vital-signs')}`
    assert.equal(tokens['scope'], granted)
    const refreshable = decodeJwt(String(tokens['access_token']))
    assert.equal(refreshable['scope'], granted)
    const again = await throughPages(browser, standalone(world, { scope: 'openid patient/Observation.rs' }).url)
    assert.ok(again.searchParams.has('code'), 'the narrower answer is remembered')
  })

  test('says each scope in a sentence of the reader’s language, wildcards as what may come and offline access plainly (SAL-62, SAL-63)', async () => {
    const scope = 'openid offline_access patient/*.rs patient/Observation.rs?category=laboratory'
    const registered = await json(
      await fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['http://localhost:9999/'], scope, token_endpoint_auth_method: 'none' }),
      }),
    )
    const client = { client_id: String(registered['client_id']), redirect_uri: 'http://localhost:9999/' }
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world, { ...client, scope }).url)
    await signIn(browser, address)
    const consent = await submitAndFollow(browser, address, { patient: 'cdp1001' })
    for (const sentence of [
      /Lese og søke i alle opplysninger, også nye typer, for pasienten som er åpen/,
      /kun der category er laboratory/,
      /Vite at du er logget inn/,
      /beholder tilgangen etter at du har logget ut/,
    ])
      assert.match(consent.body, sentence)
    const english = await browser.navigate(address, { headers: { 'accept-language': 'en' } })
    assert.match(english.body, /<html lang="en">/)
    assert.match(english.body, /Read and search all data, future kinds included,/)
    assert.match(english.body, /keeps its access after you have signed out/)
  })

  test('is answered with access_denied when the person says no, at any page (SAL-61)', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world).url)
    const resumed = await submit(browser, address, { decision: 'deny' })
    const redirect = locationOf(await browser.navigate(locationOf(resumed).href))
    assert.equal(redirect.searchParams.get('error'), 'access_denied')
    assert.equal(redirect.searchParams.get('code'), null)
  })

  test('finds patients by name, and says when there are none', async () => {
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world).url)
    await signIn(browser, address)
    const found = await submit(browser, address, { search: 'berg', action: 'search' })
    assert.deepEqual(valuesOf(found, 'patient'), ['cdp1001'])
    const nobody = await submit(browser, address, { search: 'nobody', action: 'search' })
    assert.match(nobody.body, /Ingen treff/)
  })

  test('asks for an encounter only when the app does, and only for the patient’s own (SAL-95)', async () => {
    const scope = 'launch/patient launch/encounter openid patient/Patient.r'
    const registered = await json(
      await fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['http://localhost:9999/'], scope, token_endpoint_auth_method: 'none' }),
      }),
    )
    const browser = new Browser()
    const request = standalone(world, {
      client_id: String(registered['client_id']),
      redirect_uri: 'http://localhost:9999/',
      scope,
    })
    const { address } = await openPage(browser, request.url)
    await signIn(browser, address)
    const encounters = await submitAndFollow(browser, address, { patient: 'cdp1001' })
    assert.deepEqual(valuesOf(encounters, 'encounter'), ['enc1', 'enc3'])
    assert.equal((await submit(browser, address, { encounter: 'enc2' })).status, 400)
    const consent = await submitAndFollow(browser, address, { encounter: 'enc3' })
    assert.match(consent.body, /er registrert av utvikleren selv/)
    const redirect = await allow(browser, address, consent)
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    assert.deepEqual([tokens['patient'], tokens['encounter']], ['cdp1001', 'enc3'])
  })

  test('skips the picker for somebody with one patient, and takes the role that has the patient in its care (SAL-51)', async () => {
    const one = new Browser()
    const only = await openPage(one, standalone(world, { scope: 'openid patient/Patient.r' }).url)
    assert.match((await signIn(one, only.address, 'stf104')).body, /name="decision"/)
    const several = new Browser()
    const { address } = await openPage(several, standalone(world).url)
    await signIn(several, address, 'stf102')
    const redirect = await allow(several, address, await submitAndFollow(several, address, { patient: 'cdp1004' }))
    assert.ok(redirect.searchParams.has('code'))
  })

  test('of a citizen is about themselves, and reaches no other patient', async () => {
    const browser = new Browser()
    const request = standalone(world, { scope: 'openid fhirUser patient/Patient.r user/Encounter.rs' })
    const { address } = await openPage(browser, request.url)
    const redirect = await allow(browser, address, await signIn(browser, address, 'cdp1005'))
    const tokens = await json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
    assert.deepEqual([tokens['patient'], tokens['scope']], ['cdp1005', 'openid fhirUser patient/Patient.r'])
    assert.equal(decodeJwt(String(tokens['id_token']))['fhirUser'], `${world.fhirBase()}/Patient/cdp1005`)
  })

  test('remembers what was allowed: the same app is not asked about again, a wider wish is, and prompt=consent always', async () => {
    const browser = new Browser()
    const scope = 'openid user/Encounter.rs'
    const asked = standalone(world, { client_id: 'nutrition', redirect_uri: 'http://localhost:4102/', scope })
    const { address } = await openPage(browser, asked.url)
    const consent = await signIn(browser, address, 'stf104')
    assert.ok((await allow(browser, address, consent)).searchParams.has('code'))
    const changes = { client_id: 'nutrition', redirect_uri: 'http://localhost:4102/', scope }
    assert.ok(locationOf(await browser.navigate(standalone(world, changes).url)).searchParams.has('code'))
    for (const more of [{ prompt: 'consent' }, { scope: `${scope} fhirUser` }]) {
      const { page } = await openPage(browser, standalone(world, { ...changes, ...more }).url)
      assert.match(page.body, /name="decision"/)
    }
  })

  test('with prompt=none is told what would have to be asked, and with prompt=login signs in again (OIDC Core §3.1.2.6)', async () => {
    const silent = async (browser: Browser, changes: Readonly<Record<string, string>> = {}) =>
      locationOf(await browser.navigate(standalone(world, { prompt: 'none', ...changes }).url)).searchParams.get(
        'error',
      )
    const browser = new Browser()
    assert.equal(await silent(browser), 'login_required')
    await signIn(browser, (await openPage(browser, standalone(world).url)).address)
    assert.equal(await silent(browser), 'interaction_required')
    assert.equal(await silent(browser, { scope: 'openid user/Encounter.rs fhirUser' }), 'consent_required')
    const { page, address } = await openPage(browser, standalone(world, { prompt: 'login' }).url)
    assert.match(page.body, /name="password"/)
    assert.deepEqual(valuesOf(await signIn(browser, address), 'patient'), ['cdp1001', 'cdp1002'])
  })

  test('takes its request by POST as by GET (SAL-52)', async () => {
    const browser = new Browser()
    const request = standalone(world, { prompt: 'consent' })
    const url = new URL(request.url)
    const answer = await browser.navigate(`${url.origin}${url.pathname}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://localhost:4101' },
      body: url.searchParams.toString(),
    })
    assert.equal(answer.status, 303)
    const address = locationOf(answer).href
    await signIn(browser, address)
    const redirect = await allow(browser, address, await submitAndFollow(browser, address, { patient: 'cdp1001' }))
    assert.ok(redirect.searchParams.has('code'))
  })

  test('never serves an EHR launch: nobody’s sign-in here changes whose launch that is', async () => {
    const browser = new Browser()
    const redirect = await throughPages(browser, standalone(world).url, { patient: 'cdp1002' })
    assert.ok(redirect.searchParams.has('code'))
    const { tokens } = await launch(world, browser, { user: 'stf104', role: 'agb104', patient: 'cdp1003' })
    assert.equal(tokens['patient'], 'cdp1003')
    assert.equal(decodeJwt(String(tokens['access_token'])).sub, 'stf104')
  })
})
