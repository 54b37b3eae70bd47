import { expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { openPatient, signIn } from '../lib/work-surface.ts'

const WITHIN_MS = 5000

test('switching the patient of a tab ends what the old patient’s app may read, within five seconds', async ({
  page,
  request,
}) => {
  await signIn(page, OUS, 'nordmann')
  await openPatient(page, 'Hansen')
  const token = `${addresses().issuer(OUS)}/token`
  const answered = page.waitForResponse((answer) => answer.url() === token && answer.request().method() === 'POST')
  await page.getByRole('tab', { name: 'Ernæring', exact: true }).click()
  const { access_token: accessToken } = (await (await answered).json()) as { access_token: string } // a token response
  const read = async () => {
    const headers = { authorization: `Bearer ${accessToken}` }
    return (await request.get(`${addresses().fhirBase(OUS)}/Patient/cdp1004`, { headers })).status()
  }
  expect(await read()).toBe(200)
  await page.getByRole('button', { name: 'Bytt pasient' }).click()
  await page.getByRole('dialog').getByRole('button', { name: /^LIEN/ }).click()
  await expect(page.getByRole('heading', { name: /^LIEN, Harald/ })).toBeVisible()
  await expect.poll(read, { timeout: WITHIN_MS }).toBe(401)
})

test('another role is another access: other patients, other grounds, and nothing of the old role stays open', async ({
  page,
}) => {
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
    await expect(page.getByRole('region', { name: panel })).toContainText('Rollen din har ikke tilgang')
  await expect(page.getByText(/Ingen (kjente|målinger|prøvesvar|diagnoser|dokumenter|legemidler)/)).toHaveCount(0)
  await keepScreenshot(page, 'kitchen-chart')
  const chart = await page.evaluate(async () => (await fetch('api/patients/cdp1001')).text())
  expect(chart).not.toMatch(/S72|hofte|lårhals|hemoglobin/i)
})
