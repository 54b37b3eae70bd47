import { expect, type Page, test } from '@playwright/test'
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

/** Every search that names this code is answered 503, as while the host cannot be asked. */
async function failSearches(page: Page, code: string): Promise<{ readonly asked: () => number }> {
  let asked = 0
  await page.route(
    (url) => url.pathname.endsWith('/Observation') && (url.searchParams.get('code') ?? '').split(',').includes(code),
    async (route) => {
      if (route.request().method() === 'OPTIONS') return route.fallback()
      asked += 1
      const headers = {
        'access-control-allow-origin': '*',
        'access-control-expose-headers': 'retry-after',
        'retry-after': '1',
      }
      return route.fulfill({ status: 503, headers, contentType: 'application/fhir+json', body: '{}' })
    },
  )
  return { asked: () => asked }
}

test('a score that could not be read is asked for again, and never shown as not registered', async ({ page }) => {
  const failing = await failSearches(page, 'nrs2002')
  await signIn(page, OUS, 'lund')
  await openPatient(page, 'Berg')
  const frame = await openApp(page, 'Ernæring')
  await expect(frame.getByText('Kunne ikke leses: NRS-2002 og behov.')).toBeVisible({ timeout: 30_000 })
  await expect(frame.getByText(/Ingen(ting)? funnet/)).toHaveCount(0)
  await expect(frame.getByText(/HTTP|503/)).toHaveCount(0)
  await expect(frame.getByText(/behov: kunne ikke leses/).first()).toBeVisible()
  expect(failing.asked()).toBe(3)
  await keepScreenshot(page, 'nutrition-unread')
  await page.unrouteAll({ behavior: 'wait' })
  await frame.getByRole('button', { name: 'Prøv igjen' }).click()
  await expect(frame.getByText('I risiko')).toBeVisible({ timeout: 30_000 })
})

test('what the kitchen may not see is called not permitted, and never not registered', async ({ page }) => {
  await signIn(page, OUS, 'krogh')
  await openPatient(page, 'Berg')
  const frame = await openApp(page, 'Ernæring')
  await expect(frame.getByText('Ingen tilgang', { exact: true }).first()).toBeVisible({ timeout: 30_000 })
  await expect(frame.getByText(/Ingen(ting)? funnet/)).toHaveCount(0)
  await keepScreenshot(page, 'nutrition-kitchen')
})
