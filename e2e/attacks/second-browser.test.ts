import { expect, test, type Page } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { offer, registerApp } from '../lib/smart-client.ts'
import { serveStranger, type StrangersApp } from '../lib/stranger.ts'

const world = addresses()
let app: StrangersApp
let clientId: string

test.beforeAll(async () => {
  app = await serveStranger()
  clientId = (await registerApp(world, OUS, 'launch openid fhirUser patient/Patient.r', app.origin)).clientId
  app.adopt(clientId)
})
test.afterAll(() => app.close())

const newLaunch = () => offer(world, { tenant: OUS, client_id: clientId, patient: 'cdp1004' })

/** Opens the start address and stops where the app would begin: what a thief would find in a log or a history. */
async function stopBeforeApp(page: Page, startUrl: string): Promise<string> {
  app.sleep(true)
  await page.goto(startUrl)
  app.sleep(false)
  expect(page.url()).toContain('launch=')
  return page.url()
}

test('a handle stolen into a second browser is refused there, and the rightful browser still launches', async ({
  page,
  browser,
}) => {
  const { start_url } = await newLaunch()
  const launchAddress = await stopBeforeApp(page, start_url)
  const thief = await browser.newContext()
  const stolen = await thief.newPage()
  await stolen.goto(launchAddress)
  await expect(stolen.locator('#out')).toHaveText(/^Refused/)
  await thief.close()
  await page.goto(launchAddress)
  await expect(page.locator('#out')).toHaveText('Patient Hansen')
})

test('a start address opened a second time, in any browser, shows a page and starts nothing', async ({
  page,
  browser,
}) => {
  const { start_url } = await newLaunch()
  await page.goto(start_url)
  await expect(page.locator('#out')).toHaveText('Patient Hansen')
  const again = await browser.newContext({ locale: 'nb-NO' })
  const second = await again.newPage()
  const answer = await second.goto(start_url)
  expect(answer?.status()).toBe(410)
  await expect(second.getByRole('heading')).toBeVisible()
  expect(new URL(second.url()).origin).toBe(world.auth)
  await again.close()
})
