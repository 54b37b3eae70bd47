import { expect, type Locator, type Page } from '@playwright/test'
import { addresses } from './addresses.ts'
import { DEMO_PASSWORD } from './demo-password.ts'

/** Signs in at the citizens' own door of a trust. */
export async function signInAsCitizen(page: Page, tenant: string, username: string): Promise<void> {
  await page.goto(`${addresses().host}/${tenant}/innbygger`)
  await page.getByLabel('Brukernavn').fill(username)
  await page.getByLabel('Passord').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Logg inn' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Hvem har sett i journalen din' })).toBeVisible()
}

/** The line of the access log with these words; records travel for a moment before they stand there. */
export async function expectLook(page: Page, ...words: readonly string[]): Promise<Locator> {
  const looks = page.getByRole('list', { name: 'Innsyn, nyeste først' }).getByRole('listitem')
  const look = words.reduce((found, hasText) => found.filter({ hasText }), looks).first()
  await expect(async () => {
    await page.reload()
    await expect(look).toBeVisible({ timeout: 3000 })
  }).toPass({ timeout: 30_000 })
  return look
}
