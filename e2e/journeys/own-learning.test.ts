import { expect, test, type Page } from '@playwright/test'
import { OUS } from '../lib/addresses.ts'
import { expectAccessible } from '../lib/accessible.ts'
import { expectLook, signInAsCitizen } from '../lib/citizen.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { signIn } from '../lib/work-surface.ts'

const REASON = 'Vil lære av kontrollen vi hadde i februar'
const NO_APPS = 'Egen læring gjelder bare i journalen. Apper kan ikke åpnes.'

/** MOEN is in an ambulance now; ward 4B had him at a check-up long ago. */
async function findMoen(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Finn pasient' }).click()
  await page.getByRole('textbox', { name: /Navn, fødselsdato/ }).fill('moen')
  await page.getByRole('button', { name: 'Søk', exact: true }).click()
  await page.getByRole('link', { name: /^MOEN,/ }).click()
  await expect(page.getByText('Du har ikke tjenstlig behov registrert for denne pasienten.')).toBeVisible()
}

test('a nurse looks back at a visit of the ward to learn: the chart of that visit, no app, and the patient reads why', async ({
  page,
  browser,
}) => {
  await signIn(page, OUS, 'fjell', { role: /sengepost 4B/ })
  await findMoen(page)
  const learning = page.getByRole('radio', { name: /^Egen læring/ })
  await expect(page.getByText(/Du vil lære av behandling du selv har gitt.*Varer i 30 minutter/)).toBeVisible()
  await learning.check()
  await page.getByRole('textbox', { name: /Begrunnelse/ }).fill('kort')
  await page.getByRole('button', { name: 'Åpne journalen' }).click()
  await expect(page.getByText(/Begrunnelsen må ha minst 10 tegn/)).toBeVisible()
  await page.getByRole('textbox', { name: /Begrunnelse/ }).fill(REASON)
  await page.getByRole('button', { name: 'Åpne journalen' }).click()

  await expect(page.getByRole('heading', { name: /^MOEN,/ })).toBeVisible()
  await expect(page.getByRole('timer')).toContainText(/Tilgangen utløper om (30:00|29:\d\d)/)
  await expect(page.getByText('Egen læring: Du ser bare tidligere opphold ved enheten din')).toBeVisible()
  await expect(page.locator('.line')).not.toContainText('NEWS2')
  await expect(page.getByText('Allergier og kritisk informasjon vises ikke ved egen læring.')).toBeVisible()
  await page.getByRole('tab', { name: 'Dokumenter', exact: true }).click()
  await expect(page.getByText('Ortopedisk poliklinikk').filter({ visible: true }).first()).toBeVisible()
  await expect(page.getByText('Ambulansejournal, foreløpig')).toHaveCount(0)

  await page.getByRole('tab', { name: 'Apper', exact: true }).click()
  const offers = page.getByRole('button', { name: /^Åpne app / })
  await expect(offers.first()).toBeVisible()
  for (const offer of await offers.all()) {
    await expect(offer).toBeDisabled()
    await expect(offer).toContainText(NO_APPS)
  }
  await expect(page.getByRole('button', { name: 'Åpne alle' })).toBeDisabled()
  await page.getByRole('tab', { name: 'Ernæring', exact: true }).click()
  await expect(page.locator('iframe')).toHaveCount(0)
  await expectAccessible(page)
  await keepScreenshot(page, 'own-learning')
  const refused = await page.evaluate(async () => {
    const answer = await fetch('api/launches', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ app: 'nutrition', patient: 'cdp1003', workspace: 'workspace-own-learning' }),
    })
    return [answer.status, ((await answer.json()) as { error: string }).error]
  })
  expect(refused).toEqual([403, 'own_learning_not_in_apps'])

  await page.getByRole('button', { name: 'Avslutt tilgangen' }).click()
  await expect(page.getByText('Du har ikke tjenstlig behov registrert for denne pasienten.')).toBeVisible()

  const home = await (await browser.newContext()).newPage()
  await signInAsCitizen(home, OUS, 'moen')
  const look = await expectLook(home, 'Fjell', 'Ga seg selv tilgang')
  await expect(look).toContainText('Egen læring')
  await expect(look).toContainText(REASON)
  await home.close()
})

test('whoever had no part in the care before is not offered to learn from it, and takes it by no other way', async ({
  page,
}) => {
  await signIn(page, OUS, 'lund')
  await findMoen(page)
  await expect(page.getByRole('radio', { name: /^Tilsyn/ })).toBeVisible()
  await expect(page.getByRole('radio', { name: /^Egen læring/ })).toHaveCount(0)
  const status = await page.evaluate(async () => {
    const answer = await fetch('api/access', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ patient: 'cdp1003', ground: 'EGENLAER', reason: 'Vil gjerne lære av denne journalen' }),
    })
    return [answer.status, ((await answer.json()) as { error: string }).error]
  })
  expect(status).toEqual([403, 'template_not_available'])
})
