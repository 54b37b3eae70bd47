import { expect, test } from '@playwright/test'
import { AHUS, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { appFrame, openApp, openPatient, signIn } from '../lib/work-surface.ts'

const CASES = [
  { trust: 'OUS', tenant: OUS, username: 'nordmann', patient: 'Lien' },
  { trust: 'Ahus', tenant: AHUS, username: 'tveit', patient: 'Nilsen' },
] as const

for (const { trust, tenant, username, patient } of CASES) {
  test(`at ${trust}, the ambulance journal shows vitals that change while one looks`, async ({ page }) => {
    await signIn(page, tenant, username)
    await openPatient(page, patient)
    const frame = await openApp(page, 'Ambulansejournal live')
    await expect(frame.getByText(/NEWS2/).first()).toBeVisible({ timeout: 30_000 })
    const numbers = async () => (await frame.locator('body').textContent())?.replaceAll(/\s+/g, ' ') ?? ''
    const first = await numbers()
    await expect.poll(numbers, { timeout: 15_000 }).not.toBe(first)
    await keepScreenshot(page, `bliksund-patient-${trust}`)
  })

  test(`at ${trust}, Innkommende lists the ambulances without names`, async ({ page }) => {
    await signIn(page, tenant, username)
    await page.getByRole('link', { name: 'Innkommende' }).click()
    const frame = appFrame(page, 'Ambulansejournal live')
    await expect(frame.getByText(/A-\d{3}/).first()).toBeVisible({ timeout: 30_000 })
    const text = (await frame.locator('body').textContent()) ?? ''
    expect(text).not.toMatch(/lien|moen|nilsen/i)
    await keepScreenshot(page, `bliksund-unit-${trust}`)
  })
}
