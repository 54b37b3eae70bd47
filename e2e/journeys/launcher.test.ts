import { AxeBuilder } from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { addresses } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'

test('the launcher opens an app for the default clinician with one click', async ({ page, context }) => {
  await page.goto(addresses().launcher)
  await expect(page.getByRole('heading', { name: 'Registered apps' })).toBeVisible()
  await keepScreenshot(page, 'launcher')
  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await expect((await opened).getByText(/Snitt \d+ av \d+/)).toBeVisible({ timeout: 30_000 })
})

test('the launcher launches at Ahus for a chosen patient', async ({ page, context }) => {
  await page.goto(addresses().launcher)
  await page
    .getByRole('row', { name: /multimonitor/ })
    .getByRole('button', { name: 'Choose' })
    .click()
  const composer = page.getByRole('region', { name: /^Launch/ })
  await composer.getByLabel('Trust').selectOption({ label: 'Akershus universitetssykehus HF' })
  await composer.getByLabel('Patient').selectOption('cdp2004')
  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  const app = await opened
  await expect(app.getByText(/Nilsen/i).first()).toBeVisible({ timeout: 30_000 })
})

for (const { clientId, patient, shows } of [
  { clientId: 'nutrition', patient: 'cdp1001', shows: /1\s?446 kcal/ },
  { clientId: 'bliksund-live', patient: 'cdp1002', shows: /NEWS2 \d+/ },
] as const) {
  test(`the launcher launches ${clientId} in a window of its own`, async ({ page, context }) => {
    await page.goto(addresses().launcher)
    await page
      .getByRole('row', { name: new RegExp(clientId) })
      .getByRole('button', { name: 'Choose' })
      .click()
    await page
      .getByRole('region', { name: /^Launch/ })
      .getByLabel('Patient')
      .selectOption(patient)
    const opened = context.waitForEvent('page')
    await page.getByRole('button', { name: 'Open', exact: true }).click()
    await expect((await opened).getByText(shows).first()).toBeVisible({ timeout: 30_000 })
  })
}

test('the launcher has no accessibility findings, asks nobody outside and breaks no policy of its own', async ({
  page,
}) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== 'localhost') complaints.push(hostname)
  })
  await page.goto(addresses().launcher)
  await expect(page.getByRole('heading', { name: 'Registered apps' })).toBeVisible()
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  expect(complaints).toEqual([])
})
