import { chromium } from '@playwright/test'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const NPM_BROWSER = '@sparticuz/chromium@153.0.0'

/** A browser that has been started once, and how it was come by. */
export type FoundBrowser = {
  readonly executablePath: string
  readonly source: string
  readonly environment: Readonly<Record<string, string>>
}

/** The switches every launch uses; without the background ones a closed network floods the log. */
export const BROWSER_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const

/** Finds or installs a browser, in the order of least surprise; the first that starts wins. */
export async function findBrowser(say: (line: string) => void): Promise<FoundBrowser> {
  for (const candidate of [fromVariable, fromPlaywright, fromPath, fromDebian, fromNpm]) {
    const found = await candidate(say)
    if (found !== undefined && (await starts(found))) return found
  }
  throw new Error('no browser could be found or installed: set CHROME_PATH to a Chromium or Chrome')
}

type Candidate = (say: (line: string) => void) => Promise<FoundBrowser | undefined>

const at = (executablePath: string, source: string, environment: Record<string, string> = {}): FoundBrowser => ({
  executablePath,
  source,
  environment,
})

const fromVariable: Candidate = async () => {
  const path = process.env['CHROME_PATH']
  return path === undefined ? undefined : at(path, 'CHROME_PATH')
}

const fromPlaywright: Candidate = async () => {
  const path = chromium.executablePath()
  return existsSync(path) ? at(path, "playwright's own") : undefined
}

const fromPath: Candidate = async () => {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const path = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file))
  return path === undefined ? undefined : at(path, 'found on PATH')
}

const fromDebian: Candidate = async (say) => {
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) return undefined
  say('installing Debian’s chromium')
  const options = {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 600_000,
  } as const
  spawnSync('apt-get', ['update'], options)
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options)
  return existsSync('/usr/bin/chromium') ? at('/usr/bin/chromium', 'installed from Debian') : undefined
}

const fromNpm: Candidate = async (say) => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const cache = join(ROOT, '.cache', 'browser')
  mkdirSync(cache, { recursive: true })
  const require = createRequire(join(cache, 'index.js'))
  if (!existsSync(join(cache, 'node_modules', '@sparticuz', 'chromium'))) {
    say('installing a headless Chromium from npm')
    spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', cache, NPM_BROWSER], {
      stdio: 'ignore',
      timeout: 300_000,
    })
  }
  // QUIRK(@sparticuz/chromium): it unpacks the shared libraries it carries only where it believes it runs in AWS.
  process.env['AWS_EXECUTION_ENV'] = 'AWS_Lambda_nodejs24.x'
  try {
    const carried: { default: { executablePath(): Promise<string> } } = await import(
      require.resolve('@sparticuz/chromium')
    )
    const path = await carried.default.executablePath()
    return at(path, 'installed from npm', { LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'] ?? '' })
  } catch {
    return undefined
  } finally {
    delete process.env['AWS_EXECUTION_ENV']
  }
}

async function starts({ executablePath, environment }: FoundBrowser): Promise<boolean> {
  try {
    const env = { ...process.env, ...environment } as Record<string, string> // Playwright copies only what is set
    const browser = await chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS], env, timeout: 20_000 })
    const page = await browser.newPage()
    await page.setContent('<p id="it">starts</p>')
    const text = await page.textContent('#it')
    await browser.close()
    return text === 'starts'
  } catch {
    return false
  }
}
