import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'
import { addresses } from './addresses.ts'
import { DEMO_PASSWORD } from './demo-password.ts'

/** Opens the work surface of a trust and signs in as a person; `role` where the person must choose one. */
export async function signIn(
  page: Page,
  tenant: string,
  username: string,
  options: { readonly role?: string | RegExp; readonly host?: string } = {},
): Promise<void> {
  await page.goto(`${options.host ?? addresses().host}/${tenant}`)
  await page.getByLabel('Brukernavn').fill(username)
  await page.getByLabel('Passord').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Logg inn' }).click()
  if (options.role !== undefined) await page.getByRole('button', { name: options.role }).first().click()
  await expect(page.getByRole('heading', { name: /Pasientliste/ })).toBeVisible()
}

/** Waits for something of a chart; asks anew, as people do, while whoever decides is later than the host waits. */
export async function untilDecided(page: Page, shown: Locator): Promise<void> {
  const again = page.getByRole('button', { name: 'Prøv igjen' })
  await expect(async () => {
    await expect(shown.or(again).first()).toBeVisible()
    if (await again.isVisible()) await again.click()
    await expect(shown).toBeVisible({ timeout: 2000 })
  }).toPass({ timeout: 60_000 })
}

/** Opens a patient from the unit's list; the family name is enough. */
export async function openPatient(page: Page, familyName: string): Promise<void> {
  await page.getByRole('link', { name: new RegExp(`^${familyName},`, 'i') }).click()
  await expect(page.getByText(new RegExp(`${familyName}, `, 'i')).first()).toBeVisible()
}

/** Opens an app large in the open patient and answers its frame. */
export async function openApp(page: Page, name: string): Promise<FrameLocator> {
  await page.getByRole('tab', { name, exact: true }).click()
  return appFrame(page, name)
}

export const appFrame = (page: Page, name: string): FrameLocator => page.frameLocator(`iframe[title="${name}"]:visible`)

/** How much of a canvas is neither black nor one flat colour: a picture has both dark and bright parts. */
export async function pictureOf(
  frame: FrameLocator,
): Promise<{ readonly darkShare: number; readonly brightShare: number; readonly greys: number }> {
  return frame
    .locator('canvas')
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement // the locator asks for canvases only
      const context = canvas.getContext('2d')
      if (context === null) return { darkShare: 0, brightShare: 0, greys: 0 }
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height)
      const seen = new Set<number>()
      let [dark, bright] = [0, 0]
      for (let at = 0; at < data.length; at += 4) {
        const grey = data[at] ?? 0
        seen.add(grey)
        if (grey < 40) dark += 1
        if (grey > 120) bright += 1
      }
      const pixels = data.length / 4
      return { darkShare: dark / pixels, brightShare: bright / pixels, greys: seen.size }
    })
}
