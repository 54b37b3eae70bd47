import { expect, test, type Page } from '@playwright/test'
import { addresses, AHUS, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { appFrame, openPatient, signIn } from '../lib/work-surface.ts'

const CASES = [
  {
    trust: 'OUS',
    tenant: OUS,
    username: 'fjell',
    role: /sengepost 4B/,
    patient: 'Berg',
    id: 'cdp1001',
    encounter: 'enc1001',
    form: 'kostregistrering',
  },
  {
    trust: 'Ahus',
    tenant: AHUS,
    username: 'odegard',
    role: undefined,
    patient: 'Haugen',
    id: 'cdp2003',
    encounter: 'enc2003',
    form: 'ernaeringsplan',
  },
] as const

/** What the app is answered when it trades its code; nobody else asks for one on this page. */
function tokenAnswer(page: Page, tenant: string): Promise<unknown> {
  const address = `${addresses().issuer(tenant)}/token`
  return page
    .waitForResponse((answer) => answer.url() === address && answer.request().method() === 'POST')
    .then((answer) => answer.json())
}

for (const { trust, tenant, username, role, patient, id, encounter, form } of CASES)
  test(`at ${trust}, a task starts the app it asks for, and the app is told what the task says (SAL-111)`, async ({
    page,
  }) => {
    await signIn(page, tenant, username, role === undefined ? {} : { role })
    await openPatient(page, patient)
    const answered = tokenAnswer(page, tenant)
    await page.getByRole('button', { name: /^Start Ernæring: / }).click()
    const tokens = Object.fromEntries(Object.entries((await answered) as object)) // the endpoint answers objects
    expect(JSON.parse(String(tokens['appContext']))).toMatchObject({ skjema: form })
    expect([tokens['patient'], tokens['encounter']]).toEqual([id, encounter])
    await expect(appFrame(page, 'Ernæring').getByText(/Vekt/).first()).toBeVisible({ timeout: 30_000 })
  })

test('a task of somebody else’s is shown with its owner and without a way into its app', async ({ page }) => {
  await signIn(page, OUS, 'lund')
  await openPatient(page, 'Berg')
  await expect(page.getByText('Oppgaven er tildelt Fjell, Jon')).toBeVisible()
  await expect(page.getByRole('button', { name: /^Start Ernæring: / })).toHaveCount(0)
  await keepScreenshot(page, 'task-not-yours')
})

test('a launch from the tile tells the app of no task', async ({ page }) => {
  await signIn(page, OUS, 'lund')
  await openPatient(page, 'Berg')
  const answered = tokenAnswer(page, OUS)
  await page.getByRole('tab', { name: 'Ernæring', exact: true }).click()
  expect(await answered).not.toHaveProperty('appContext')
})

test('a page of the work surface names no app context and no address of its own, and no task of another patient (SAL-112)', async ({
  page,
}) => {
  await signIn(page, OUS, 'lund')
  const post = (wish: object) =>
    page.evaluate(
      async (body) => {
        const answer = await fetch('api/launches', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
        return answer.status
      },
      { app: 'nutrition', workspace: 'workspace-1', patient: 'cdp1005', ...wish },
    )
  expect(await post({ appContext: 'x' })).toBe(400)
  expect(await post({ launch_uri: 'https://evil.example/launch.html' })).toBe(400)
  expect(await post({ task: 'opg1001-app' })).toBe(403)
})
