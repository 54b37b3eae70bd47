import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { addresses, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { appFrame, openApp, openPatient, signIn } from '../lib/work-surface.ts'

/** Each app, and what only its own data for LIEN puts on the screen. */
const SIX = [
  ['Bildeundersøkelser', /ingen bildeundersøkelser/],
  ['Ernæring', /Penicillin/],
  ['Ambulansejournal live', /NEWS2 \d+/],
  ['Multimonitor', /LIEN, Harald/],
  ['Bestilling og svar', /LIEN, Harald/],
  ['MyPath', /LIEN, Harald/],
] as const
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']

test('six tiles launched at once all finish', async ({ page }) => {
  await signIn(page, OUS, 'nordmann')
  await openPatient(page, 'Lien')
  await page.getByRole('tab', { name: 'Apper' }).click()
  await page.getByRole('button', { name: 'Åpne alle' }).click()
  for (const [name, shows] of SIX) {
    await expect(appFrame(page, name).getByText(shows).first(), name).toBeVisible({ timeout: 45_000 })
  }
  await keepScreenshot(page, 'six-tiles')
})

test('two patients in two tabs at once do not mix', async ({ page }) => {
  await signIn(page, OUS, 'nordmann')
  const patients = [
    ['Hansen', 'cdp1004'],
    ['Lien', 'cdp1002'],
  ] as const
  const asked = new Map<string, Set<string>>()
  page.on('request', (request) => {
    const patient = /\/fhir\/(?:Patient\/|.*[?&](?:patient|subject)=(?:Patient(?:\/|%2F))?)(cdp\d+)/.exec(
      request.url(),
    )?.[1]
    if (patient === undefined) return
    const title = request.frame().name()
    asked.set(title, (asked.get(title) ?? new Set()).add(patient))
  })
  for (const [family] of patients) {
    await page.getByRole('tab', { name: /Pasientliste/ }).click()
    await openPatient(page, family)
    const frame = await openApp(page, 'Multimonitor')
    await expect(frame.getByText(new RegExp(`${family}, `, 'i'))).toBeVisible({ timeout: 30_000 })
  }
  await page.getByRole('tab', { name: /^HANSEN/ }).click()
  await expect(appFrame(page, 'Multimonitor').getByText(/Hansen, /i)).toBeVisible()
  await expect(appFrame(page, 'Multimonitor').getByText(/Lien, /i)).toHaveCount(0)
  // Each frame asked for one patient only, and both patients were asked for.
  for (const [frame, ids] of asked) expect([...ids], frame).toHaveLength(1)
  expect(new Set([...asked.values()].flatMap((ids) => [...ids]))).toEqual(new Set(patients.map(([, id]) => id)))
})

test('an app opened in its own tab shows the same patient', async ({ page, context }) => {
  await signIn(page, OUS, 'nordmann')
  await openPatient(page, 'Hansen')
  await page.getByRole('tab', { name: 'Apper' }).click()
  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Åpne Multimonitor i egen fane' }).click()
  const own = await opened
  await expect(own.getByText(/Hansen/i).first()).toBeVisible({ timeout: 30_000 })
})

test('signing out ends the launches: the app cannot refresh any more', async ({ page }) => {
  await signIn(page, OUS, 'nordmann')
  await openPatient(page, 'Hansen')
  const tokens = page.waitForResponse((response) => response.url().endsWith('/token') && response.status() === 200)
  await openApp(page, 'Multimonitor')
  const { refresh_token: refreshToken } = (await (await tokens).json()) as { refresh_token?: string }
  expect(refreshToken).toBeTruthy()
  await page.getByRole('button', { name: 'Logg ut' }).click()
  await expect(page.getByLabel('Brukernavn')).toBeVisible()
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    refresh_token: refreshToken ?? '',
    client_id: 'multimonitor',
  })
  const answer = await fetch(`${addresses().issuer(OUS)}/token`, { method: 'POST', body: form })
  expect(((await answer.json()) as { error?: string }).error).toBe('invalid_grant')
})

test('the work surface has no accessibility findings and asks nobody outside this machine', async ({ page }) => {
  const outside: string[] = []
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== 'localhost' && hostname !== '127.0.0.1') outside.push(hostname)
  })
  const findings = async () =>
    (await new AxeBuilder({ page }).withTags(WCAG).analyze()).violations.map(
      ({ id, nodes }) => `${id} (${nodes.length})`,
    )
  await page.goto(`${addresses().host}/${OUS}`)
  await expect(page.getByLabel('Brukernavn')).toBeVisible()
  expect(await findings()).toEqual([])
  await signIn(page, OUS, 'nordmann')
  await keepScreenshot(page, 'host-patient-list')
  expect(await findings()).toEqual([])
  await openPatient(page, 'Hansen')
  await expect(page.getByRole('tab', { name: 'Oversikt' })).toBeVisible()
  await keepScreenshot(page, 'host-overview')
  expect(await findings()).toEqual([])
  expect(outside).toEqual([])
})
