import { expect, test, type Page } from '@playwright/test'
import { addresses, AHUS, OUS } from '../lib/addresses.ts'
import { expectAccessible } from '../lib/accessible.ts'
import { expectLook, signInAsCitizen } from '../lib/citizen.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { appFrame, signIn } from '../lib/work-surface.ts'

const REASON = 'Bedt om ernæringstilsyn av lege i akuttmottaket'

async function find(page: Page, name: string, family: string): Promise<void> {
  await page.getByRole('link', { name: 'Finn pasient' }).click()
  await page.getByRole('textbox', { name: /Navn, fødselsdato/ }).fill(name)
  await page.getByRole('button', { name: 'Søk', exact: true }).click()
  await page.getByRole('link', { name: new RegExp(`^${family},`) }).click()
  await expect(page.getByText('Du har ikke tjenstlig behov registrert for denne pasienten.')).toBeVisible()
}

test('a specialist from another unit finds a patient, asks for tilsyn, and what was opened closes with the access', async ({
  page,
  browser,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await signIn(page, OUS, 'lund')
  await find(page, 'hansen', 'HANSEN')
  expect(asked.filter((url) => /hansen/i.test(url))).toEqual([])
  await expectAccessible(page)

  for (const ground of await page.getByRole('radio').all()) await expect(ground).not.toBeChecked()
  await expect(page.getByRole('button', { name: 'Start blålys' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Åpne journalen' }).click()
  await expect(page.getByText('Velg et grunnlag.')).toBeVisible()
  await page.getByRole('radio', { name: /^Tilsyn/ }).check()
  for (const words of ['', '          ', 'xxxxxxxxxxxxxxxx', 'tilsyn']) {
    await page.getByRole('textbox', { name: /Begrunnelse/ }).fill(words)
    await page.getByRole('button', { name: 'Åpne journalen' }).click()
    await expect(page.getByText(/Begrunnelsen må ha minst 10 tegn/), words).toBeVisible()
  }
  await page.getByRole('textbox', { name: /Begrunnelse/ }).fill(REASON)
  await page.getByRole('button', { name: 'Åpne journalen' }).click()
  await expect(page.getByRole('heading', { name: /^HANSEN, Nora/ })).toBeVisible()
  await expect(page.getByRole('timer')).toContainText(
    /Tilgangen utløper om (48:00:00|47:59:\d\d)til \d\d\.\d\d\. \d\d:\d\d/,
  )
  await expectAccessible(page)

  await page.getByRole('tab', { name: 'Ernæring', exact: true }).click()
  await expect(
    appFrame(page, 'Ernæring')
      .getByText(/HANSEN|Kost|Vekt/)
      .first(),
  ).toBeVisible({ timeout: 30_000 })
  await keepScreenshot(page, 'self-authorised')

  await page.getByRole('button', { name: 'Avslutt tilgangen' }).click()
  await expect(page.getByText('Du har ikke tjenstlig behov registrert for denne pasienten.')).toBeVisible()
  await expect(page.locator('iframe')).toHaveCount(0)
  await expect(page.getByText('HANSEN, Nora 248959 49457')).toHaveCount(0)

  const home = await (await browser.newContext()).newPage()
  await signInAsCitizen(home, OUS, 'hansen')
  const look = await expectLook(home, 'Sara Lund', 'Ga seg selv tilgang')
  await expect(look).toContainText('Tilsyn')
  await expect(look).toContainText(REASON)
  await expect(look).toContainText('Klinisk ernæringsfysiolog')
  await home.close()
})

test('whoever may choose no ground is told so, and the server takes none from them either', async ({ page }) => {
  await signIn(page, OUS, 'krogh')
  await find(page, 'hansen', 'HANSEN')
  await expect(page.getByText(/Rollen din kan ikke velge grunnlag/)).toBeVisible()
  await expect(page.getByRole('radio')).toHaveCount(0)
  const status = await page.evaluate(async () => {
    const answer = await fetch('api/access', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ patient: 'cdp1004', ground: 'DELBEHAN', reason: 'Jeg vil gjerne se i journalen' }),
    })
    return answer.status
  })
  expect(status).toBe(403)
})

test('a secretary who answers a call sees appointments and who is who, and no clinical note', async ({ page }) => {
  await signIn(page, OUS, 'lie')
  await find(page, 'vik', 'VIK')
  await page.getByRole('radio', { name: /^Henvendelse fra pasienten/ }).check()
  await page.getByRole('textbox', { name: /Begrunnelse/ }).fill('Pasienten ringer om timen sin på poliklinikken')
  await page.getByRole('button', { name: 'Åpne journalen' }).click()
  await expect(page.getByRole('heading', { name: /^VIK,/ })).toBeVisible()
  await page.getByRole('tab', { name: 'Dokumenter', exact: true }).click()
  await expect(
    page
      .getByText('Grunnlaget eller rollen din gir ikke tilgang til disse opplysningene.')
      .filter({ visible: true })
      .first(),
  ).toBeVisible()
  await expect(page.getByText('Operasjonsnotat')).toHaveCount(0)
  const statuses = await page.evaluate(async () => {
    const [note, who] = await Promise.all([fetch('fhir/DocumentReference/dok1005-4'), fetch('fhir/Patient/cdp1005')])
    return [note.status, who.status]
  })
  expect(statuses).toEqual([404, 200])
  await page.getByRole('button', { name: 'Avslutt tilgangen' }).click()
})

test('a patient of the other trust is not found', async ({ page }) => {
  await signIn(page, AHUS, 'tveit')
  await page.getByRole('link', { name: 'Finn pasient' }).click()
  await page.getByRole('textbox', { name: /Navn, fødselsdato/ }).fill('hansen')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Ingen treff')).toBeVisible()
  await page.goto(`${addresses().host}/${AHUS}/#/pasient/cdp1004/oversikt`)
  await expect(page.getByText('Fant ikke pasienten.')).toBeVisible()
})
