import { expect, test } from '@playwright/test'
import { AHUS, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { openApp, openPatient, signIn } from '../lib/work-surface.ts'

const CASES = [
  { trust: 'OUS', tenant: OUS, username: 'lund', patient: 'Berg' },
  { trust: 'Ahus', tenant: AHUS, username: 'tveit', patient: 'Dahl' },
] as const

for (const { trust, tenant, username, patient } of CASES) {
  test(`at ${trust}, Ernæring shows weight, intake against need, diet and allergies`, async ({ page }) => {
    await signIn(page, tenant, username)
    await openPatient(page, patient)
    const frame = await openApp(page, 'Ernæring')
    for (const words of [/Vekt/, /Inntak/, /Kost/, /Allergi/])
      await expect(frame.getByText(words).first()).toBeVisible({ timeout: 30_000 })
    await expect(frame.getByText(/kcal/).first()).toBeVisible()
    await keepScreenshot(page, `nutrition-${trust}`)
  })
}
