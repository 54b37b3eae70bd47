import { type APIRequestContext, expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { openInOwnWindow, type OwnWindow } from '../lib/own-window.ts'
import { openPatient, signIn } from '../lib/work-surface.ts'

const WITHIN_MS = 5000
const LIVE = { tenant: OUS, app: 'bliksund-live', patient: 'cdp1002' } as const

/** Tells, over and over, what the app's access token is answered with; and, once, what its refresh token is. */
function holderOf({ tokens }: OwnWindow, request: APIRequestContext, patient: string) {
  const headers = { authorization: `Bearer ${tokens.access_token}` }
  const form = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, client_id: LIVE.app }
  return {
    read: async () => (await request.get(`${addresses().fhirBase(OUS)}/Patient/${patient}`, { headers })).status(),
    refresh: async () => {
      const answer = await request.post(`${addresses().issuer(OUS)}/token`, { form })
      return [answer.status(), ((await answer.json()) as { error?: string }).error] // RFC 6749 §5.2
    },
  }
}

/** The widget finds out by its own next read, and says so in words a clinician understands. */
async function expectEnded({ window }: OwnWindow): Promise<void> {
  await expect(window.getByText('Appen har ikke lenger tilgang')).toBeVisible({ timeout: WITHIN_MS })
  await expect(window.getByText(/Pasienten eller rollen er byttet/)).toBeVisible()
}

test('switching the patient of a tab ends what the old patient’s app may read and refresh, and it says so', async ({
  page,
  context,
  request,
}) => {
  await signIn(page, OUS, 'nordmann')
  await openPatient(page, 'Lien')
  const app = await openInOwnWindow(context, page, LIVE)
  await expect(app.window.getByText(/NEWS2/).first()).toBeVisible()
  const { read, refresh } = holderOf(app, request, LIVE.patient)
  expect(await read()).toBe(200)
  await page.getByRole('button', { name: 'Bytt pasient' }).click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^HANSEN/ })
    .click()
  await expect(page.getByRole('heading', { name: /^HANSEN, Nora/ })).toBeVisible()
  await expectEnded(app)
  await keepScreenshot(app.window, 'app-after-switch')
  await expect.poll(read, { timeout: WITHIN_MS }).toBe(401)
  expect(await refresh()).toEqual([400, 'invalid_grant'])
})

test('switching the role ends what an open app may read and refresh, and it says so', async ({
  page,
  context,
  request,
}) => {
  await signIn(page, OUS, 'fjell', { role: /akuttmottak/i })
  await openPatient(page, 'Lien')
  const app = await openInOwnWindow(context, page, LIVE)
  await expect(app.window.getByText(/NEWS2/).first()).toBeVisible()
  const { read, refresh } = holderOf(app, request, LIVE.patient)
  expect(await read()).toBe(200)
  await page.getByRole('button', { name: 'Bytt rolle' }).click()
  await page.getByRole('button', { name: /sengepost 4B/ }).click()
  await expectEnded(app)
  await expect.poll(read, { timeout: WITHIN_MS }).toBe(401)
  expect(await refresh()).toEqual([400, 'invalid_grant'])
})

test('another role is another access: other patients and other grounds', async ({ page }) => {
  await signIn(page, OUS, 'fjell', { role: /sengepost 4B/ })
  await openPatient(page, 'Berg')
  await page.goto(`${addresses().host}/${OUS}/#/pasient/cdp1006/oversikt`)
  await expect(page.getByText('Velg grunnlag for tilgang')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start blålys' })).toHaveCount(0)

  await page.getByRole('button', { name: 'Bytt rolle' }).click()
  await page.getByRole('button', { name: /akuttmottak/i }).click()
  await expect(page.getByRole('button', { name: 'Start blålys' })).toBeVisible()
  await page.getByRole('link', { name: 'Pasienter' }).click()
  await expect(page.getByRole('link', { name: /^HANSEN/ })).toBeVisible()
  await expect(page.getByRole('link', { name: /^EIDE/ })).toHaveCount(0)
})

test('the kitchen sees who and where, and none of the chart', async ({ page }) => {
  await signIn(page, OUS, 'krogh')
  await openPatient(page, 'Berg')
  await expect(page.getByRole('heading', { name: /^BERG, Solveig/ })).toBeVisible()
  // Not that there is nothing: that this role may not see it.
  for (const panel of ['Vitale målinger', 'Siste prøvesvar', 'Diagnoser', 'Dokumenter', 'Legemidler'])
    await expect(page.getByRole('region', { name: panel })).toContainText('rollen din gir ikke tilgang')
  await expect(page.getByText(/Ingen (kjente|målinger|prøvesvar|diagnoser|dokumenter|legemidler)/)).toHaveCount(0)
  await keepScreenshot(page, 'kitchen-chart')
  const chart = await page.evaluate(async () => (await fetch('api/patients/cdp1001')).text())
  expect(chart).not.toMatch(/S72|hofte|lårhals|hemoglobin/i)
})
