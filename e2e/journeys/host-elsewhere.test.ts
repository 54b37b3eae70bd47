import { expect, test } from '@playwright/test'
import { addresses, AHUS, OUS } from '../lib/addresses.ts'
import { openApp, openPatient, pictureOf, signIn } from '../lib/work-surface.ts'

const host = addresses().host.replace('localhost', '127.0.0.1')

// `127.0.0.1` and `localhost` are different sites: here the authorization server and the apps are third parties in every
// frame, and only the partitioned cookie carries the proof.
test.describe('the work surface opened at 127.0.0.1', () => {
  test('shows the CT', async ({ page }) => {
    await signIn(page, OUS, 'nordmann', { host })
    await openPatient(page, 'Hansen')
    const frame = await openApp(page, 'Bildeundersøkelser')
    await expect(frame.getByText(/Snitt \d+ av \d+/)).toBeVisible({ timeout: 30_000 })
    await expect.poll(async () => (await pictureOf(frame)).greys, { timeout: 20_000 }).toBeGreaterThan(20)
  })

  test('shows what the patient has eaten', async ({ page }) => {
    await signIn(page, AHUS, 'tveit', { host })
    await openPatient(page, 'Dahl')
    const frame = await openApp(page, 'Ernæring')
    await expect(frame.getByText(/kcal/).first()).toBeVisible({ timeout: 30_000 })
  })

  test('shows the ambulance', async ({ page }) => {
    await signIn(page, OUS, 'nordmann', { host })
    await openPatient(page, 'Lien')
    const frame = await openApp(page, 'Ambulansejournal live')
    await expect(frame.getByText(/NEWS2 \d+/).first()).toBeVisible({ timeout: 30_000 })
  })
})
