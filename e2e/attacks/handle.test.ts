import { expect, test } from '@playwright/test'
import { AHUS, addresses, OUS } from '../lib/addresses.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import { authorize, exchange, offer, registerApp, start } from '../lib/smart-client.ts'

const SCOPE = 'launch openid fhirUser patient/Patient.r patient/Observation.rs'
const world = addresses()
const register = () => registerApp(world, OUS, SCOPE)

const errorOf = (redirect: URL | undefined) => redirect?.searchParams.get('error') ?? undefined
const codeOf = (redirect: URL | undefined) => redirect?.searchParams.get('code') ?? undefined

test.describe('the launch handle', () => {
  test('a replayed handle is refused', async () => {
    const app = await register()
    const browser = new HttpBrowser()
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
    const { launch } = await start(browser, start_url)
    expect(codeOf((await authorize(browser, world, OUS, app, launch)).redirect)).toBeDefined()
    expect(errorOf((await authorize(browser, world, OUS, app, launch)).redirect)).toBe('invalid_request')
  })

  test('a stolen handle is refused in a second browser, and the rightful one still works', async () => {
    const app = await register()
    const [owner, thief] = [new HttpBrowser(), new HttpBrowser()]
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
    const { launch } = await start(owner, start_url)
    expect(errorOf((await authorize(thief, world, OUS, app, launch)).redirect)).toBe('invalid_request')
    expect(codeOf((await authorize(owner, world, OUS, app, launch)).redirect)).toBeDefined()
  })

  test('the start address opens once', async () => {
    const app = await register()
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
    const first = new HttpBrowser()
    const { launch } = await start(first, start_url)
    expect(launch).not.toBe('')
    const second = await start(new HttpBrowser(), start_url)
    expect(second.launch).toBe('')
    expect(second.step.status).toBe(410)
    expect(codeOf((await authorize(first, world, OUS, app, launch)).redirect)).toBeDefined()
  })

  test('a prefetch or a HEAD does not spend the start address', async () => {
    const app = await register()
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
    const early = await new HttpBrowser().get(start_url, { 'sec-purpose': 'prefetch;prerender' })
    expect(early.status).toBe(403)
    const head = await fetch(start_url, { method: 'HEAD', redirect: 'manual' })
    expect(head.headers.getSetCookie()).toEqual([])
    const browser = new HttpBrowser()
    const { launch } = await start(browser, start_url)
    expect(codeOf((await authorize(browser, world, OUS, app, launch)).redirect)).toBeDefined()
  })

  test('a start address posted from a stranger’s page is refused and not spent', async () => {
    const app = await register()
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
    for (const origin of ['http://evil.localhost:1234', 'null']) {
      expect((await new HttpBrowser().post(start_url, origin)).status).toBe(403)
    }
    const browser = new HttpBrowser()
    const { launch } = await start(browser, start_url)
    expect(codeOf((await authorize(browser, world, OUS, app, launch)).redirect)).toBeDefined()
  })

  test('the handle of another client is refused, and not spent by the attempt', async () => {
    const [app, other] = [await register(), await register()]
    const browser = new HttpBrowser()
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
    const { launch } = await start(browser, start_url)
    expect(errorOf((await authorize(browser, world, OUS, other, launch)).redirect)).toBe('invalid_request')
    expect(codeOf((await authorize(browser, world, OUS, app, launch)).redirect)).toBeDefined()
  })

  test('a bound launch refuses an authorization request that is no navigation', async () => {
    const app = await register()
    const browser = new HttpBrowser()
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId })
    const { launch } = await start(browser, start_url)
    const fetched = await authorize(
      browser,
      world,
      OUS,
      app,
      launch,
      {},
      { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    )
    expect(codeOf(fetched.redirect)).toBeUndefined()
    expect(codeOf((await authorize(browser, world, OUS, app, launch)).redirect)).toBeDefined()
  })

  test('a host cannot offer another trust’s user or patient', async () => {
    const app = await register()
    for (const [facts, named] of [
      [{ user: 'stf201' }, 'user'],
      [{ patient: 'cdp2001' }, 'patient'],
      [{ user: 'stf101', encounter: 'enc2001' }, 'encounter'],
    ] as const) {
      await expect(offer(world, { tenant: OUS, client_id: app.clientId, ...facts })).rejects.toThrow(
        new RegExp(`400 .*${named}`),
      )
    }
  })

  test('a handle of one trust means nothing at the other', async () => {
    const [here, there] = [await register(), await registerApp(world, AHUS, SCOPE)]
    const browser = new HttpBrowser()
    const { start_url } = await offer(world, { tenant: OUS, client_id: here.clientId })
    const { launch } = await start(browser, start_url)
    expect(errorOf((await authorize(browser, world, AHUS, there, launch)).redirect)).toBe('invalid_request')
  })

  test('two launches for two patients in one browser keep their own patient, also after a refresh', async () => {
    const app = await registerApp(world, OUS, `${SCOPE} online_access`)
    const browser = new HttpBrowser()
    const handles = []
    for (const patient of ['cdp1004', 'cdp1002']) {
      const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId, patient })
      handles.push({ patient, launch: (await start(browser, start_url)).launch })
    }
    for (const { patient, launch } of handles) {
      const { redirect, verifier } = await authorize(browser, world, OUS, app, launch)
      const tokens = await exchange(world, OUS, app, codeOf(redirect) ?? '', verifier)
      expect(tokens.body['patient']).toBe(patient)
      const refreshed = await exchange(world, OUS, app, '', '', {
        grant_type: 'refresh_token',
        refresh_token: String(tokens.body['refresh_token']),
        redirect_uri: '',
      })
      expect(refreshed.body['patient']).toBe(patient)
    }
  })
})
