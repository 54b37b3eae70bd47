import { expect, test } from '@playwright/test'
import { AHUS, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { openApp, openPatient, pictureOf, signIn } from '../lib/work-surface.ts'

const CASES = [
  { trust: 'OUS', tenant: OUS, username: 'nordmann', patient: 'Hansen' },
  { trust: 'Ahus', tenant: AHUS, username: 'tveit', patient: 'Haugen' },
] as const

for (const { trust, tenant, username, patient } of CASES) {
  test(`at ${trust}, one click on Bildeundersøkelser shows the patient’s CT`, async ({ page }) => {
    await signIn(page, tenant, username)
    await openPatient(page, patient)
    const frame = await openApp(page, 'Bildeundersøkelser')
    await expect(frame.getByText(/Snitt \d+ av \d+/)).toBeVisible({ timeout: 30_000 })
    await expect.poll(async () => (await pictureOf(frame)).greys, { timeout: 20_000 }).toBeGreaterThan(20)
    const picture = await pictureOf(frame)
    expect(picture.darkShare).toBeGreaterThan(0.1)
    expect(picture.brightShare).toBeGreaterThan(0.02)
    await keepScreenshot(page, `pacs-${trust}`)

    const before = await frame.getByText(/Snitt \d+ av \d+/).textContent()
    await frame.locator('canvas').first().hover()
    await page.mouse.wheel(0, 400)
    await expect(frame.getByText(/Snitt \d+ av \d+/)).not.toHaveText(before ?? '')
  })
}
