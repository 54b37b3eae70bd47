import { expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { expectAccessible } from '../lib/accessible.ts'
import { signInAsCitizen } from '../lib/citizen.ts'
import { DEMO_PASSWORD } from '../lib/demo-password.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { openPatient, signIn } from '../lib/work-surface.ts'

test('a citizen blocks a document, staff stop seeing it, and see it again when the block is lifted', async ({
  page,
  browser,
}) => {
  const holm = await (await browser.newContext()).newPage()
  await signIn(holm, OUS, 'holm')
  const titles = holm.getByRole('navigation', { name: 'Dokumentliste' }).getByRole('button')
  const look = async () => {
    await holm.goto(`${addresses().host}/${OUS}/#/pasienter`)
    await holm.reload()
    await openPatient(holm, 'Berg')
    await holm.getByRole('tab', { name: 'Dokumenter' }).click()
    await expect(titles.first()).toBeVisible()
  }
  await look()
  const before = await titles.count()

  await signInAsCitizen(page, OUS, 'berg')
  await expectAccessible(page)
  await page.getByRole('link', { name: 'Sperringer' }).click()
  await expect(page.getByText('Du har ikke sperret noe.')).toBeVisible()
  await page.getByRole('button', { name: 'Sperr', exact: true }).click()
  await expect(page.getByText('Velg hva du vil sperre.')).toBeVisible()
  const choice = page.getByRole('combobox', { name: 'Hva vil du sperre?' })
  const document = await choice.locator('optgroup[label="Ett dokument"] option').first().getAttribute('value')
  await choice.selectOption(document)
  await page.getByRole('button', { name: 'Sperr', exact: true }).click()
  const standing = page.getByRole('list', { name: 'Dine sperringer' }).getByRole('listitem')
  await expect(standing).toHaveCount(1)
  await expectAccessible(page)
  await keepScreenshot(page, 'citizen-blocks')
  await look()
  await expect(titles).toHaveCount(before - 1)

  await standing.getByRole('button', { name: /^Opphev sperringen/ }).click()
  await expect(standing).toHaveCount(0)
  await look()
  await expect(titles).toHaveCount(before)
  await holm.close()
})

test('staff are turned away at the citizens’ door, and citizens at the staff’s', async ({ page }) => {
  for (const [door, username, words] of [
    ['innbygger', 'nordmann', /Denne siden er for innbyggere/],
    ['', 'berg', /Arbeidsflaten er for ansatte/],
  ] as const) {
    await page.goto(`${addresses().host}/${OUS}/${door}`)
    await page.getByLabel('Brukernavn').fill(username)
    await page.getByLabel('Passord').fill(DEMO_PASSWORD)
    await page.getByRole('button', { name: 'Logg inn' }).click()
    await expect(page.getByText(words)).toBeVisible()
  }
})
