import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import { Browser } from '#test/support/browser.ts'
import {
  authorizing,
  exchange,
  launch,
  launchIdIn,
  locationOf,
  offer,
  refresh,
  start,
  submitStart,
} from '#test/support/launch.ts'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

const verified = async (world: World, token: unknown, audience: string, typ?: string) =>
  jwtVerify(String(token), createRemoteJWKSet(new URL(`${world.issuer()}/jwks`)), {
    issuer: world.issuer(),
    audience,
    ...(typ === undefined ? {} : { typ }),
  })

describe('a launch from the host', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('ends in tokens for exactly the person, patient and app the host named (SAL-65, SAL-66, SAL-81, SAL-83, SAL-85, SAL-87, SAL-88, SAL-90, SAL-114, SAL-115, SAL-116, SAL-117, SAL-120, SAL-127)', async () => {
    const { tokens, redirect, request } = await launch(world, new Browser(), {
      encounter: 'enc1',
      intent: 'show-images',
      need_patient_banner: false,
    })
    assert.equal(redirect.searchParams.get('state'), request.state)
    assert.equal(redirect.searchParams.get('iss'), world.issuer())
    assert.deepEqual(
      { ...tokens, access_token: '', id_token: '', refresh_token: '' },
      {
        access_token: '',
        id_token: '',
        refresh_token: '',
        token_type: 'Bearer',
        expires_in: 300,
        scope: 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs',
        patient: 'cdp1001',
        encounter: 'enc1',
        intent: 'show-images',
        need_patient_banner: false,
        tenant: OUS,
      },
    )
    const access = await verified(world, tokens['access_token'], world.fhirBase(), 'at+jwt')
    assert.equal(access.protectedHeader.alg, 'ES256')
    const { jti, iat, exp, grant_id: grantId, ...claims } = access.payload
    assert.ok(jti)
    assert.ok(grantId)
    assert.equal((exp ?? 0) - (iat ?? 0), 300)
    assert.deepEqual(claims, {
      iss: world.issuer(),
      sub: 'stf101',
      aud: world.fhirBase(),
      client_id: 'pacs-viewer',
      scope: tokens['scope'],
      patient: 'cdp1001',
      encounter: 'enc1',
      tenant: OUS,
    })
    const id = await verified(world, tokens['id_token'], 'pacs-viewer')
    assert.equal(id.protectedHeader.alg, 'RS256')
    assert.equal(id.payload['fhirUser'], `${world.fhirBase()}/Practitioner/stf101`)
    assert.equal(id.payload.sub, 'stf101')
  })

  test('carries the nonce of the app into the ID token (SAL-119)', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { nonce: 'n-1' })
    assert.equal(decodeJwt(String(tokens['id_token']))['nonce'], 'n-1')
  })

  test('needs the proof cookie of launch-binding §1, planted at the start and cleared at redemption, and leaves no other (SAL-36, SAL-38, SAL-39)', async () => {
    const browser = new Browser()
    const offered = await offer(world)
    const started = await submitStart(world, browser, offered.startUrl)
    const launchId = launchIdIn(browser)
    const name = `__Host-launch-${launchId}`
    assert.match(launchId, /^[a-z0-9]{22}$/)
    assert.match(
      started.headers.getSetCookie().join('\n'),
      new RegExp(`^${name}=[\\w-]{43}; Max-Age=300; Path=/; Secure; HttpOnly; SameSite=None; Partitioned$`),
    )
    assert.equal(started.status, 303)
    for (const [header, value] of [
      ['cache-control', 'no-store'],
      ['referrer-policy', 'no-referrer'],
    ] as const)
      assert.equal(started.headers.get(header), value)
    const checked = await browser.navigate(locationOf(started).href)
    assert.equal(checked.headers.get('cache-control'), 'no-store')
    assert.equal(checked.headers.get('referrer-policy'), 'no-referrer')
    const opened = locationOf(checked)
    assert.equal(`${opened.origin}${opened.pathname}`, 'http://localhost:4101/launch.html')
    assert.equal(opened.searchParams.get('iss'), world.fhirBase())
    assert.equal(opened.searchParams.get('launch'), offered.launch)
    const answer = await browser.navigate(authorizing(world, offered.launch).url)
    assert.deepEqual(answer.headers.getSetCookie(), [
      `${name}=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=None; Partitioned`,
    ])
    assert.equal(browser.cookies.size, 0)
  })

  test('six launches at once all finish, each with its own patient', async () => {
    const browser = new Browser()
    const patients = ['cdp1001', 'cdp1002', 'cdp1003', 'cdp1004', 'cdp1005', 'cdp1006']
    const all = await Promise.all(
      patients.map((patient) => launch(world, browser, { patient, workspace: `tab-${patient}` })),
    )
    assert.deepEqual(
      all.map(({ tokens }) => tokens['patient']),
      patients,
    )
    assert.equal(browser.cookies.size, 0)
  })

  test('two launches of one app in one browser keep their own patient when they refresh (SAL-183)', async () => {
    const browser = new Browser()
    const first = await launch(world, browser, { patient: 'cdp1001' })
    const second = await launch(world, browser, { patient: 'cdp1002', workspace: 'tab-2' })
    const again = await json(await refresh(world, first.tokens['refresh_token']))
    const other = await json(await refresh(world, second.tokens['refresh_token']))
    assert.equal(again['patient'], 'cdp1001')
    assert.equal(other['patient'], 'cdp1002')
    assert.equal(decodeJwt(String(again['access_token']))['patient'], 'cdp1001')
    assert.equal(decodeJwt(String(other['access_token']))['patient'], 'cdp1002')
    assert.notEqual(
      decodeJwt(String(again['access_token']))['grant_id'],
      decodeJwt(String(other['access_token']))['grant_id'],
    )
  })

  test('without a patient grants no patient/ scope and names no patient', async () => {
    const scope = 'launch openid patient/Patient.r user/Encounter.rs'
    const { tokens } = await launch(world, new Browser(), { patient: undefined }, { scope })
    assert.equal(tokens['scope'], 'launch openid user/Encounter.rs')
    assert.equal(tokens['patient'], undefined)
  })

  test('works at both trusts, each with its own issuer and base', async () => {
    const { tokens } = await launch(
      world,
      new Browser(),
      { user: 'stf201', role: 'agb201', patient: 'cdp2001' },
      {},
      AHUS,
    )
    assert.equal(tokens['tenant'], AHUS)
    const claims = decodeJwt(String(tokens['access_token']))
    assert.equal(claims.iss, world.issuer(AHUS))
    assert.equal(claims.aud, world.fhirBase(AHUS))
  })

  test('takes the authorization request by POST as well (SAL-52)', async () => {
    const browser = new Browser()
    const opened = await start(world, browser, await offer(world))
    const request = authorizing(world, opened.searchParams.get('launch') ?? '')
    const { origin, pathname, search } = new URL(request.url)
    const answer = await browser.navigate(`${origin}${pathname}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: search.slice(1),
    })
    const code = locationOf(answer).searchParams.get('code') ?? ''
    assert.equal((await exchange(world, request, code)).status, 200)
  })

  test('takes `aud` with one trailing slash and answers the base without it', async () => {
    const { tokens } = await launch(world, new Browser(), {}, { aud: `${world.fhirBase()}/` })
    assert.equal(decodeJwt(String(tokens['access_token'])).aud, world.fhirBase())
  })

  test('of the developer portal may be opened by a link', async () => {
    const browser = new Browser()
    const offered = await offer(world, {}, { as: 'launcher' })
    const started = await browser.navigate(offered.startUrl)
    assert.equal(started.status, 303)
    assert.equal(
      locationOf(await browser.navigate(locationOf(started).href)).searchParams.get('launch'),
      offered.launch,
    )
  })

  test('tells an app that asks for a type by `launch/<type>` what of it the host named, and nothing else (SAL-105)', async () => {
    const scope = 'launch/imagingstudy openid patient/Patient.r'
    const registered = await json(
      await fetch(`${world.issuer()}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['http://localhost:9999/'],
          launch_uris: ['http://localhost:9999/launch'],
          scope: `${scope} launch/diagnosticreport`,
          token_endpoint_auth_method: 'none',
        }),
      }),
    )
    const clientId = String(registered['client_id'])
    const items = [{ reference: 'ImagingStudy/img1' }]
    const askedFor = async (asked: string) =>
      (
        await launch(
          world,
          new Browser(),
          { client_id: clientId, fhirContext: items },
          { client_id: clientId, redirect_uri: 'http://localhost:9999/', scope: asked },
        )
      ).tokens
    assert.deepEqual((await askedFor(scope))['fhirContext'], items)
    assert.equal((await askedFor('launch/diagnosticreport openid patient/Patient.r'))['fhirContext'], undefined)
  })

  test('that is unbound carries its handle at once, and an HTTP client may redeem it', async () => {
    const offered = await offer(world, { bound: false }, { as: 'launcher' })
    const opened = new URL(offered.launchUrl)
    assert.equal(opened.searchParams.get('iss'), world.fhirBase())
    const request = authorizing(world, opened.searchParams.get('launch') ?? '')
    const answer = await new Browser().send(request.url, { headers: { 'sec-fetch-mode': 'cors' } })
    const code = locationOf(answer).searchParams.get('code') ?? ''
    assert.equal((await exchange(world, request, code)).status, 200)
    assert.match(world.lines.join(''), /"event":"launch-offered-unbound"/)
  })
})
