import { expect, test } from '@playwright/test'
import { freePorts } from '../../scripts/demo-ports.ts'
import { startWorld, type World } from '../../scripts/world.ts'
import { addressesOf, AHUS, OUS } from '../lib/addresses.ts'
import { openApp, openPatient, signIn, untilDecided } from '../lib/work-surface.ts'

/** A world whose trusts name decision points: one the authorization server's over AuthZEN, the other the host's own access control. */
test.describe('a trust that says where it is decided', () => {
  test.describe.configure({ mode: 'serial' })
  let world: World
  let host: string
  test.beforeAll(async () => {
    test.setTimeout(240_000)
    const ports = await freePorts()
    const { issuer, host: address } = addressesOf(ports)
    host = address
    const pdps = { [OUS]: `${issuer(OUS)}/pdp`, [AHUS]: `${address}/${AHUS}/caac/decide` }
    world = await startWorld({ ports, pdps })
  })
  test.afterAll(() => world.stop())

  test('has the host’s chart decided by the authorization server, an access just taken among it (CE-46)', async ({
    page,
  }) => {
    await signIn(page, OUS, 'lund', { host })
    await page.getByRole('link', { name: 'Finn pasient' }).click()
    await page.getByRole('textbox', { name: /Navn, fødselsdato/ }).fill('hansen')
    await page.getByRole('button', { name: 'Søk', exact: true }).click()
    await page.getByRole('link', { name: /^HANSEN,/ }).click()
    const tilsyn = page.getByRole('radio', { name: /^Tilsyn/ })
    await untilDecided(page, tilsyn)
    await tilsyn.check()
    await page.getByRole('textbox', { name: /Begrunnelse/ }).fill('Bedt om ernæringstilsyn av lege på 4B')
    await page.getByRole('button', { name: 'Åpne journalen' }).click()
    await untilDecided(page, page.getByRole('heading', { name: /^HANSEN, Nora/ }))
    await expect(page.getByText('CT thorax med kontrast').filter({ visible: true }).first()).toBeVisible()
    await expect(page.getByText('Rollen din gir ikke tilgang')).toHaveCount(0)
    const frame = await openApp(page, 'Ernæring')
    await expect(frame.getByText(/HANSEN|Kost|Vekt/).first()).toBeVisible({ timeout: 30_000 })
  })

  test('has its apps decided by the host’s own access control (CE-46)', async ({ page }) => {
    await signIn(page, AHUS, 'tveit', { host })
    await untilDecided(page, page.getByRole('link', { name: /^DAHL,/ }))
    await openPatient(page, 'Dahl')
    const frame = await openApp(page, 'Ernæring')
    await expect(frame.getByText(/kcal/).first()).toBeVisible({ timeout: 30_000 })
  })

  test('opens no chart while whoever decides is silent, says why, and opens it once there is an answer', async ({
    page,
  }) => {
    await signIn(page, OUS, 'nordmann', { host })
    const hansen = page.getByRole('link', { name: /^HANSEN,/ })
    await untilDecided(page, hansen)
    process.kill(world.pids.auth, 'SIGSTOP')
    try {
      await hansen.click()
      await expect(page.getByText('Tilgangen kan ikke avgjøres akkurat nå. Prøv igjen.').first()).toBeVisible()
      await expect(page.getByText('CT thorax med kontrast')).toHaveCount(0)
    } finally {
      process.kill(world.pids.auth, 'SIGCONT')
    }
    await expect(async () => {
      await page.reload()
      await expect(page.getByText('CT thorax med kontrast').first()).toBeVisible({ timeout: 2000 })
    }).toPass({ timeout: 60_000 })
  })
})
