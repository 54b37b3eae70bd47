import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { freePorts } from '../../scripts/demo-ports.ts'
import { startWorld } from '../../scripts/world.ts'
import { type Addresses, addresses, addressesOf, OUS } from '../lib/addresses.ts'
import { DEMO_PASSWORD } from '../lib/demo-password.ts'
import { HttpBrowser } from '../lib/http-browser.ts'
import {
  type App,
  authorize,
  exchange,
  fhir,
  launchApp,
  offer,
  postJson,
  registerApp,
  start,
  type TokenResponse,
} from '../lib/smart-client.ts'

/** contracts.md §5: what ended is refused within this time. */
const EFFECT_MS = 5000
const HANSEN = 'cdp1004'
const SCOPE = 'launch openid fhirUser online_access patient/Patient.r patient/Observation.rs'

const ask = (world: Addresses, { access_token: token }: Pick<TokenResponse, 'access_token'>): Promise<Response> =>
  fetch(`${world.fhirBase(OUS)}/Patient/${HANSEN}`, { headers: { authorization: `Bearer ${token}` } })
const statusWith = async (...who: Parameters<typeof ask>) => (await ask(...who)).status

/** Where the host's answer was late the gateway says 503, which is about the moment and not about the token. */
const expectOpen = (world: Addresses, tokens: TokenResponse) =>
  expect.poll(() => statusWith(world, tokens), { timeout: EFFECT_MS, intervals: [50] }).toBe(200)

/** The token opened the door a moment ago, and is refused soon. */
async function expectRefusedSoon(world: Addresses, tokens: TokenResponse): Promise<void> {
  await expect.poll(() => statusWith(world, tokens), { timeout: EFFECT_MS, intervals: [50] }).toBe(401)
  const refused = await ask(world, tokens)
  expect(refused.headers.get('www-authenticate')).toContain('invalid_token')
}

const refresh = (world: Addresses, app: App, token: string | undefined) =>
  fetch(`${world.issuer(OUS)}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token ?? '', client_id: app.clientId }),
  })

test.describe('an access token that has not expired is refused at the gateway', () => {
  const world = addresses()
  let app: App
  test.beforeAll(async () => {
    app = await registerApp(world, OUS, SCOPE)
  })
  const newLaunch = () => launchApp(world, app, { tenant: OUS, patient: HANSEN })

  test('after the person signs out of the host', async () => {
    const api = `${world.host}/${OUS}/api`
    const signedIn = await postJson(
      `${api}/session`,
      { username: 'nordmann', password: DEMO_PASSWORD },
      { origin: world.host },
    )
    const cookie = signedIn.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const asHost = { origin: world.host, cookie }
    const tile = { app: 'nutrition', workspace: randomUUID(), patient: HANSEN }
    const { status, body } = await postJson(`${api}/launches`, tile, asHost)
    expect(status).toBe(201)
    const browser = new HttpBrowser()
    const opened = await browser.walk(await browser.post(String(body['start_url']), world.host))
    const handle = new URL(opened.location ?? 'about:blank').searchParams.get('launch') ?? ''
    const nutrition = { ...app, clientId: 'nutrition', redirectUri: `${world.app(1)}/index.html` }
    const { redirect, verifier } = await authorize(browser, world, OUS, nutrition, handle, {
      scope: 'launch patient/Patient.r',
    })
    const answer = await exchange(world, OUS, nutrition, redirect?.searchParams.get('code') ?? '', verifier)
    expect(answer.status).toBe(200)
    const tokens = answer.body as unknown as TokenResponse // a 200 of the token endpoint
    await expectOpen(world, tokens)
    expect((await postJson(`${api}/session/end`, {}, asHost)).status).toBe(204)
    await expectRefusedSoon(world, tokens)
  })

  test('after its code is replayed', async () => {
    const browser = new HttpBrowser()
    const { start_url } = await offer(world, { tenant: OUS, client_id: app.clientId, patient: HANSEN })
    const { launch } = await start(browser, start_url)
    const { redirect, verifier } = await authorize(browser, world, OUS, app, launch)
    const code = redirect?.searchParams.get('code') ?? ''
    const tokens = (await exchange(world, OUS, app, code, verifier)).body as unknown as TokenResponse // a 200, or the next line fails
    await expectOpen(world, tokens)
    expect((await exchange(world, OUS, app, code, verifier)).body['error']).toBe('invalid_grant')
    await expectRefusedSoon(world, tokens)
  })

  test('after a refresh token of its launch is used twice', async () => {
    const tokens = await newLaunch()
    await expectOpen(world, tokens)
    const renewed = (await (await refresh(world, app, tokens.refresh_token)).json()) as TokenResponse // a 200, or the next line fails
    await expectOpen(world, renewed)
    expect((await refresh(world, app, tokens.refresh_token)).status).toBe(400)
    await expectRefusedSoon(world, tokens)
    await expectRefusedSoon(world, renewed)
  })

  test('after it, or its refresh token, is revoked, and other launches go on', async () => {
    const [bystander, ...revoked] = await Promise.all([newLaunch(), newLaunch(), newLaunch()])
    for (const [index, tokens] of revoked.entries()) {
      await expectOpen(world, tokens)
      const token = index === 0 ? tokens.access_token : (tokens.refresh_token ?? '')
      const answer = await fetch(`${world.issuer(OUS)}/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ token, client_id: app.clientId }),
      })
      expect(answer.status).toBe(200)
      await expectRefusedSoon(world, tokens)
    }
    await expectOpen(world, bystander)
  })
})

test('while the authorization server is dead nothing opens, and when it is back what was revoked stays revoked', async () => {
  test.setTimeout(300_000)
  const data = mkdtempSync(join(tmpdir(), 'uthopp-e2e-'))
  const running = await startWorld({ ports: await freePorts(), data })
  const world = addressesOf(running.ports)
  let second: ChildProcess | undefined
  try {
    const app = await registerApp(world, OUS, SCOPE)
    const [revoked, alive] = [
      await launchApp(world, app, { tenant: OUS, patient: HANSEN }),
      await launchApp(world, app, { tenant: OUS, patient: HANSEN }),
    ]
    await expectOpen(world, alive)
    await fetch(`${world.issuer(OUS)}/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: revoked.refresh_token ?? '', client_id: app.clientId }),
    })
    process.kill(running.pids.auth, 'SIGKILL')
    await expect.poll(() => statusWith(world, alive), { timeout: 8000, intervals: [100] }).toBe(503)
    const refused = await ask(world, alive)
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await refused.json()).toMatchObject({ resourceType: 'OperationOutcome' })
    for (const open of ['metadata', '.well-known/smart-configuration'])
      expect((await fhir(world, OUS, undefined, open)).status).toBe(200)
    second = spawn(process.execPath, ['auth-server/src/main.ts'], {
      cwd: join(import.meta.dirname, '../..'),
      env: {
        ...process.env,
        UTHOPP_DEPLOYMENT: join(data, 'deployment.json'),
        UTHOPP_STORAGE: 'disk',
        UTHOPP_DATA: data,
      },
      stdio: 'ignore',
    })
    await expect.poll(() => statusWith(world, alive), { timeout: 60_000, intervals: [100] }).toBe(200)
    await expect.poll(() => statusWith(world, revoked), { timeout: EFFECT_MS, intervals: [100] }).toBe(401)
  } finally {
    second?.kill('SIGTERM')
    await running.stop()
    rmSync(data, { recursive: true, force: true })
  }
})
