import { expect, test } from '@playwright/test'
import { freePorts } from '../../scripts/demo-ports.ts'
import { startWorld, type World } from '../../scripts/world.ts'
import { addressesOf, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { appFrame, openApp, openPatient, pictureOf, signIn } from '../lib/work-surface.ts'

let world: World
test.beforeAll(async () => {
  test.setTimeout(240_000)
  world = await startWorld({ ports: await freePorts(), appHost: '127.0.0.1' })
})
test.afterAll(() => world.stop())

const host = (name: string) => `http://${name}:${world.ports.host}`

test('a widget on another site completes its launch in a frame, third-party cookies blocked', async ({ page }) => {
  await signIn(page, OUS, 'nordmann', { host: host('localhost') })
  await openPatient(page, 'Hansen')
  const frame = await openApp(page, 'Bildeundersøkelser')
  await expect(frame.getByText(/Snitt \d+ av \d+/)).toBeVisible({ timeout: 30_000 })
  await expect.poll(async () => (await pictureOf(frame)).greys, { timeout: 20_000 }).toBeGreaterThan(20)
})

test('with the host itself on another site than the authorization server, only the partitioned cookie decides, and it works', async ({
  page,
  context,
}) => {
  await signIn(page, OUS, 'nordmann', { host: host('127.0.0.1') })
  await openPatient(page, 'Hansen')
  await openApp(page, 'Multimonitor')
  await expect(appFrame(page, 'Multimonitor').getByText(/Hansen, /i)).toBeVisible({ timeout: 30_000 })
  await keepScreenshot(page, 'host-on-another-site')
  // The proof is cleared at redemption, and nothing else of the authorization server's stays in the browser.
  const left = (await context.cookies()).filter(({ name }) => name.startsWith('_'))
  expect(left.map(({ name }) => name)).toEqual([`__Host-uthopp-${OUS}`]) // the host's own sign-in
})

test('the addresses of this world answer', async ({ request }) => {
  const { launcher, auth, gateway } = addressesOf(world.ports)
  for (const address of [
    launcher,
    auth,
    gateway,
    host('localhost'),
    ...world.ports.apps.map((port) => `http://localhost:${port}`),
  ]) {
    for (const path of ['/health/ready', '/health/live'])
      expect((await request.get(`${address}${path}`)).status(), `${address}${path}`).toBe(200)
  }
})
