import { defineConfig } from '@playwright/test'
import { BROWSER_ARGUMENTS } from '../scripts/find-browser.ts'

export default defineConfig({
  testDir: '.',
  testMatch: ['journeys/*.test.ts', 'attacks/*.test.ts', 'conformance/*.test.ts'],
  outputDir: '../test-results',
  globalSetup: './world-setup.ts',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [
    ['list'],
    ['json', { outputFile: process.env['PLAYWRIGHT_JSON_OUTPUT_NAME'] ?? '../test-results/journeys.json' }],
  ],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'nb-NO',
    timezoneId: 'Europe/Oslo',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['UTHOPP_BROWSER'] ?? '/usr/bin/chromium',
      // Playwright switches partitioned third-party storage off; naming any other feature restores what users have.
      args: [...BROWSER_ARGUMENTS, '--disable-features=Translate'],
    },
  },
})
