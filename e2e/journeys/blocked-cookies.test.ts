import { expect, test, chromium } from '@playwright/test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BROWSER_ARGUMENTS } from '../../scripts/find-browser.ts'
import { addresses, OUS } from '../lib/addresses.ts'
import { keepScreenshot } from '../lib/screenshot.ts'
import { openPatient, signIn } from '../lib/work-surface.ts'

test('where the browser refuses the proof cookie, the app hears nothing and the host offers an own window', async () => {
  const profile = mkdtempSync(join(tmpdir(), 'uthopp-profile-'))
  mkdirSync(join(profile, 'Default'))
  // Cookies of the authorization server's origin only: the host's own session must still work.
  const port = new URL(addresses().auth).port
  const exceptions = { [`http://localhost:${port},*`]: { setting: 2 } }
  writeFileSync(
    join(profile, 'Default', 'Preferences'),
    JSON.stringify({ profile: { content_settings: { exceptions: { cookies: exceptions } } } }),
  )
  const executablePath = process.env['UTHOPP_BROWSER'] ?? '/usr/bin/chromium'
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    args: [...BROWSER_ARGUMENTS, '--disable-features=Translate'],
    viewport: { width: 1440, height: 900 },
  })
  try {
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await signIn(page, OUS, 'nordmann')
    await openPatient(page, 'Hansen')
    await page.getByRole('tab', { name: 'Multimonitor', exact: true }).click()
    await expect(page.getByRole('button', { name: 'Åpne i eget vindu' })).toBeVisible({ timeout: 30_000 })
    expect(asked.filter((url) => url.includes('launch='))).toEqual([])
    await keepScreenshot(page, 'cookies-refused')
  } finally {
    await context.close()
    rmSync(profile, { recursive: true, force: true })
  }
})
