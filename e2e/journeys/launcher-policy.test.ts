import { expect, type Response, test } from '@playwright/test'
import { expectAccessible } from '../lib/accessible.ts'
import { addresses, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'

const KITCHEN = 'stf107'
const BERG = 'cdp1001'

test('the launcher says of a launch by the kitchen what was withheld, and by which rule', async ({
  page,
  context,
  request,
}) => {
  const exchanged = new Promise<Response>((resolve) => {
    context.on('response', (answer) => {
      if (answer.url().endsWith('/token') && answer.request().method() === 'POST') resolve(answer)
    })
  })
  await page.goto(addresses().launcher)
  await page
    .getByRole('row', { name: /nutrition/ })
    .getByRole('button', { name: 'Choose' })
    .click()
  const composer = page.getByRole('region', { name: /^Launch/ })
  await composer.getByLabel('User').selectOption(KITCHEN)
  await composer.getByLabel('Patient').selectOption(BERG)
  const opened = context.waitForEvent('page')
  await page.getByRole('button', { name: 'Open', exact: true }).click()
  await opened
  const trace = page.getByRole('region', { name: 'What came of it' })
  await expect(trace.getByText('Scopes at code exchange')).toBeVisible({ timeout: 30_000 })
  const lost = trace.getByRole('row', { name: /patient\/Condition\.rs/ }).first()
  await expect(lost).toContainText('role-not-entitled')
  await expect(trace.getByRole('row', { name: /patient\/NutritionOrder\.rs/ })).toHaveCount(0)
  const tokens = (await (await exchanged).json()) as { access_token: string; scope: string } // a token response
  expect(tokens.scope).toContain('patient/NutritionOrder.rs')
  expect(tokens.scope).not.toContain('Condition')
  const read = async (type: string) => {
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    return (await request.get(`${addresses().fhirBase(OUS)}/${type}?patient=${BERG}`, { headers })).status()
  }
  expect([await read('NutritionOrder'), await read('Condition')]).toEqual([200, 403])
  const authorize = trace.getByRole('listitem').filter({ hasText: 'Scopes at authorize' })
  await authorize.getByText('Every letter and its rules').click()
  await expect(authorize.getByRole('row', { name: /patient\/Condition\.r deny/ })).toContainText('guard-role')
  await keepScreenshot(page, 'launcher-trace')
  await expectAccessible(page)
})

test('the launcher says of a launch that was refused why nobody may open the app', async ({ page }) => {
  await page.goto(`${addresses().launcher}/?page=what-if&user=${KITCHEN}&clientId=nutrition&patient=cdp1004`)
  await page.getByRole('button', { name: 'Decide', exact: true }).click()
  const answers = page.getByRole('region', { name: 'Decisions' })
  await expect(answers.getByRole('row', { name: /^launch/ })).toContainText('no-care-relation', { timeout: 60_000 })
  await expect(answers).toContainText('not in the care team')
})

test('a rule left out shows side by side whose access it kept closed', async ({ page }) => {
  await page.goto(`${addresses().launcher}/?page=what-if&user=${KITCHEN}&clientId=nutrition&patient=${BERG}`)
  await page.getByLabel('Rule', { exact: true }).selectOption('guard-role')
  await page.getByRole('button', { name: 'Leave it out' }).click()
  await page.getByRole('button', { name: 'Decide with both books' }).click()
  const answers = page.getByRole('region', { name: 'Decisions' })
  await expect(answers.getByRole('columnheader', { name: 'Candidate' })).toBeVisible({ timeout: 60_000 })
  await expect(answers.getByRole('row', { name: /^patient\/Condition\.r / })).toContainText('guard-role')
  await page.getByRole('button', { name: 'Replay against the candidate' }).click()
  await expect(page.getByRole('region', { name: 'Replay the log' })).toContainText(/\d+ decisions;/, {
    timeout: 60_000,
  })
  await keepScreenshot(page, 'launcher-what-if')
  await expectAccessible(page)
})

test('a candidate with a fault is refused, and the book that serves still answers', async ({ page }) => {
  await page.goto(`${addresses().launcher}/?page=what-if`)
  await page.getByLabel('Rule', { exact: true }).selectOption('guard-scope')
  await page.getByLabel('Its text in the candidate').fill('permit (principal, action, resource) when { nonsense };')
  await page.getByRole('button', { name: 'Decide with both books' }).click()
  const answers = page.getByRole('region', { name: 'Decisions' })
  await expect(answers.getByText(/The candidate is refused/)).toBeVisible({ timeout: 60_000 })
  await expect(answers.getByRole('row', { name: /^launch/ })).toContainText(/permit|deny/)
})
