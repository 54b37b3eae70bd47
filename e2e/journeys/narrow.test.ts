import { expect, test, type Locator, type Page } from '@playwright/test'
import { OUS } from '../lib/addresses.ts'
import { expectAccessible } from '../lib/accessible.ts'
import { openPatient, signIn } from '../lib/work-surface.ts'

/** Nothing makes the page wider than the window. */
const expectFits = (page: Page) =>
  expect
    .poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
    .toBe(0)

/** Wholly within the window, and none of its words cut. */
async function expectWhole(page: Page, ...parts: readonly Locator[]): Promise<void> {
  const width = page.viewportSize()?.width ?? 0
  for (const part of parts) {
    const box = await part.boundingBox()
    expect(box).not.toBeNull()
    expect(box?.x ?? -1).toBeGreaterThanOrEqual(0)
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width)
    expect(await part.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(1)
  }
}

// Blue light taken again is a renewal, so each window has a patient of its own.
for (const [width, patient] of [
  [800, 'aas'],
  [640, 'vik'],
] as const)
  test(`the work surface is whole in a window of ${width} pixels: who is signed in, each score, and the ways out of an access`, async ({
    page,
  }) => {
    await signIn(page, OUS, 'fjell', { role: /akuttmottak/ })
    await page.setViewportSize({ width, height: 900 })
    await expectFits(page)
    const scores = page.locator('.list-row .news2')
    await expect(scores.first()).toBeVisible()
    await expectWhole(
      page,
      page.getByText('Rolle: Sykepleier, Akuttmottak Ullevål'),
      page.getByText('Oslo universitetssykehus HF'),
      page.getByText('Testmiljø – kun syntetiske data'),
      page.getByRole('link', { name: 'Innkommende' }),
      ...(await scores.all()),
    )
    await expectAccessible(page)

    await page.getByRole('link', { name: 'Finn pasient' }).click()
    await page.getByRole('textbox', { name: /Navn, fødselsdato/ }).fill(patient)
    await page.getByRole('button', { name: 'Søk', exact: true }).click()
    await page.getByRole('link', { name: new RegExp(`^${patient},`, 'i') }).click()
    const reason = page.getByRole('textbox', { name: /Begrunnelse/ }).last()
    await reason.fill('Bevisstløs på gata, ingen pårørende til stede')
    await page.getByRole('button', { name: 'Start blålys' }).click()
    await expect(page.getByRole('timer')).toBeVisible()
    await expectFits(page)
    const end = page.getByRole('button', { name: 'Avslutt tilgangen' })
    await expectWhole(
      page,
      page.getByRole('button', { name: 'Forny tilgangen' }),
      end,
      page.locator('.line__who').last(),
    )
    await end.click()
    await expect(page.getByText('Du har ikke tjenstlig behov registrert for denne pasienten.')).toBeVisible()
    await page.getByRole('tab', { name: 'Pasientliste' }).click()
    await openPatient(page, 'Hansen')
    for (const name of ['Dokumenter', 'Prøvesvar', 'Apper']) {
      await page.getByRole('tab', { name, exact: true }).click()
      await expectFits(page)
    }
  })
