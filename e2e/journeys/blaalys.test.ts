import { expect, test } from '@playwright/test'
import { addresses, addressesOf, OUS } from '../lib/addresses.ts'
import { expectAccessible } from '../lib/accessible.ts'
import { expectLook, signInAsCitizen } from '../lib/citizen.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { startMovableWorld } from '../lib/movable-world.ts'
import { openInOwnWindow } from '../lib/own-window.ts'
import { signIn } from '../lib/work-surface.ts'

const REASON = 'Bevisstløs pasient hentes med ambulanse A-214'
const AGAIN = 'Fortsatt ustabil, transporten tar lengre tid'

test('the blue light opens a chart for an hour, is renewed once with a reason, and the patient reads why', async ({
  page,
  browser,
}) => {
  await signIn(page, OUS, 'roed')
  await page.goto(`${addresses().host}/${OUS}/#/pasient/cdp1008/oversikt`)
  const form = page.getByRole('form', { name: 'Blålys – akutt helsehjelp' })
  await form.getByRole('button', { name: 'Start blålys' }).click()
  await expect(form.getByText(/Begrunnelsen må ha minst 10 tegn/)).toBeVisible()
  await form.getByRole('textbox', { name: /Begrunnelse/ }).fill(REASON)
  await form.getByRole('button', { name: 'Start blålys' }).click()
  await expect(page.getByRole('heading', { name: /^SOLBERG, Amina/ })).toBeVisible()
  await expect(page.getByRole('timer')).toContainText(/Tilgangen utløper om (60:00|59:\d\d)/)
  await expectAccessible(page)
  await keepScreenshot(page, 'blaalys')

  await page.getByRole('button', { name: 'Forny tilgangen' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox', { name: /Begrunnelse/ }).fill(AGAIN)
  await dialog.getByRole('button', { name: 'Forny tilgangen' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(page.getByRole('timer')).toContainText(/(60:00|59:\d\d)/)
  await expect(page.getByRole('button', { name: 'Forny tilgangen' })).toHaveCount(0)
  await expect(page.getByText('Pasienten har sperret opplysninger')).toHaveCount(0)

  const home = await (await browser.newContext()).newPage()
  await signInAsCitizen(home, OUS, 'solberg')
  const look = await expectLook(home, 'Nils Røed', 'Ga seg selv tilgang')
  await expect(look).toContainText('Blålys')
  await expect(look).toContainText('Akutt helsehjelp')
  await expect(look).toContainText(REASON)
  await home.close()

  await page.getByRole('button', { name: 'Avslutt tilgangen' }).click()
  await expect(page.getByText('Du har ikke tjenstlig behov registrert for denne pasienten.')).toBeVisible()
})

test('a screen whose time is up asks again and shows nothing it may not', async ({ page }) => {
  await page.clock.install()
  await signIn(page, OUS, 'roed')
  await page.goto(`${addresses().host}/${OUS}/#/pasient/cdp1004/oversikt`)
  const form = page.getByRole('form', { name: 'Blålys – akutt helsehjelp' })
  await form.getByRole('textbox', { name: /Begrunnelse/ }).fill(REASON)
  await form.getByRole('button', { name: 'Start blålys' }).click()
  await expect(page.getByRole('timer')).toBeVisible()
  // Ended elsewhere, as an expiry is: the server knows before this screen does.
  await page.evaluate(async () => {
    const chart: unknown = await (await fetch('api/patients/cdp1004')).json()
    const [taken] = (chart as { access: readonly { decision: string }[] }).access // our own answer
    await fetch('api/access/end', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ decision: taken?.decision }),
    })
  })
  await page.clock.fastForward('01:00:01')
  await expect(page.getByText(/Tilgangen er over\./)).toBeVisible()
  await expect(page.getByRole('heading', { name: /HANSEN, Nora 248959/ })).toHaveCount(0)
})

test('an hour after it began the blue light is over, for the chart and for the app that was opened by it', async ({
  page,
  context,
  request,
}) => {
  test.setTimeout(300_000) // for a world of its own, and a screen that asks every half minute
  const world = await startMovableWorld()
  try {
    const { host, issuer, fhirBase } = addressesOf(world.ports)
    await signIn(page, OUS, 'roed', { host })
    await page.goto(`${host}/${OUS}/#/pasient/cdp1008/oversikt`)
    const form = page.getByRole('form', { name: 'Blålys – akutt helsehjelp' })
    await form.getByRole('textbox', { name: /Begrunnelse/ }).fill(REASON)
    await form.getByRole('button', { name: 'Start blålys' }).click()
    await expect(page.getByRole('heading', { name: /^SOLBERG, Amina/ })).toBeVisible()
    const app = 'bliksund-live'
    const { window, tokens } = await openInOwnWindow(context, page, { tenant: OUS, app, patient: 'cdp1008' })
    expect(tokens.expires_in).toBeLessThanOrEqual(600)
    let held = tokens
    const refresh = async () => {
      const form = { grant_type: 'refresh_token', refresh_token: held.refresh_token, client_id: app }
      const answer = await request.post(`${issuer(OUS)}/token`, { form })
      if (answer.ok()) held = (await answer.json()) as typeof tokens // a token response
      return answer.status()
    }
    const read = async () => {
      const headers = { authorization: `Bearer ${held.access_token}` }
      return (await request.get(`${fhirBase(OUS)}/Patient/cdp1008`, { headers })).status()
    }
    expect(await read()).toBe(200)

    // Two steps: a screen that nobody has used for an hour would be signed out.
    world.pass(55)
    await page.reload()
    await expect(page.getByRole('timer')).toContainText(/Tilgangen utløper om 0?[2345]:\d\d/)
    // To who keeps time, there was silence for all that time: what is not known to be of now is asked for anew.
    await expect.poll(refresh).toBe(200)
    expect([await read(), held.expires_in <= 300]).toEqual([200, true])

    world.pass(5)
    await expect.poll(read, { timeout: 5000 }).toBe(401)
    await expect.poll(refresh).toBe(400)
    await expect(window.getByText('Appen har ikke lenger tilgang')).toBeVisible()
    await expect(page.getByText(/Tilgangen er over\./)).toBeVisible({ timeout: 45_000 })
    await expect(page.getByRole('timer')).toHaveCount(0)
    await expect(page.getByRole('tab', { name: 'Dokumenter' })).toHaveCount(0)
    await keepScreenshot(page, 'blaalys-over')
    await page.reload()
    await expect(page.getByText('Du har ikke tjenstlig behov registrert for denne pasienten.')).toBeVisible()
  } finally {
    await world.stop()
  }
})
