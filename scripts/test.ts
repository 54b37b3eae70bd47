import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb } from './build-web.ts'
import { findBrowser } from './find-browser.ts'
import { startPrivatePostgres } from './postgres.ts'
import { typecheck } from './typecheck.ts'

const ROOT = join(import.meta.dirname, '..')
const REPORTS = join(ROOT, '.cache', 'reports')
const PARTS = ['types', 'lint', 'unit', 'journeys'] as const
type Part = (typeof PARTS)[number]
type Tally = { passed: number; failed: number; skipped: number }

const asked = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const strange = asked.filter((word) => !PARTS.some((part) => part === word))
if (strange.length > 0) {
  console.error(`no such part: ${strange.join(', ')}; there are ${PARTS.join(', ')}`)
  process.exit(2)
}
const wanted = (part: Part) => asked.length === 0 || asked.includes(part)
const tally: Tally = { passed: 0, failed: 0, skipped: 0 }
mkdirSync(REPORTS, { recursive: true })

/** One check that either holds or does not; its own output has told why. */
function check(name: string, holds: boolean): void {
  tally[holds ? 'passed' : 'failed'] += 1
  console.log(`${holds ? '✔' : '✖'} ${name}`)
}

const run = (args: readonly string[], environment: Readonly<Record<string, string>> = {}): boolean =>
  spawnSync(process.execPath, [...args], { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...environment } })
    .status === 0

const bin = (name: string, file: string) => join('node_modules', name, 'bin', file)

if (wanted('types')) check('types', typecheck().length === 0)
if (wanted('lint')) {
  check('lint (oxlint, type-aware)', run([bin('oxlint', 'oxlint'), '--type-aware', '--deny-warnings']))
  check('dead code and dependencies (knip)', run([bin('knip', 'knip.js')]))
  const production = ['--production', '--config', 'knip.production.ts', '--workspace', '!e2e']
  check('code that only tests use (knip)', run([bin('knip', 'knip.js'), ...production]))
  check('format (biome)', run([bin('@biomejs/biome', 'biome'), 'ci', '--colors=off', '.']))
}
if (wanted('unit')) await unitTests()
if (wanted('journeys')) await journeys()

console.log(`\n${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`)
process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0)

async function unitTests(): Promise<void> {
  const required = process.env['UTHOPP_REQUIRE_POSTGRES'] === '1'
  const own = process.env['UTHOPP_TEST_DATABASE'] === undefined ? await startPrivatePostgres() : undefined
  const database = process.env['UTHOPP_TEST_DATABASE'] ?? own?.url
  console.log(
    database === undefined
      ? 'PostgreSQL is not installed: that half of the contract suites is skipped, and counted'
      : 'contract suites run on SQLite and PostgreSQL',
  )
  if (required) check('a PostgreSQL server for the contract suites', database !== undefined)
  const files = globSync('**/test/**/*.test.ts', {
    cwd: ROOT,
    exclude: (name) => /node_modules|dist$|^e2e$/.test(name),
  })
  const report = join(REPORTS, 'unit.tap')
  rmSync(report, { force: true })
  try {
    const arguments_ = [
      '--test',
      '--test-concurrency=2',
      '--test-timeout=120000',
      '--test-reporter=dot',
      '--test-reporter-destination=stdout',
      '--test-reporter=tap',
      `--test-reporter-destination=${report}`,
    ]
    const ended = run(
      ['--disable-warning=ExperimentalWarning', ...arguments_, ...files],
      database === undefined ? {} : { UTHOPP_TEST_DATABASE: database },
    )
    const text = existsSync(report) ? readFileSync(report, 'utf8') : ''
    const count = (word: string) => Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
    tally.passed += count('pass')
    tally.skipped += count('skipped') + count('todo')
    const failed = count('fail') + count('cancelled')
    tally.failed += failed > 0 || ended ? failed : 1
    for (const line of text.split('\n').filter((entry) => /^\s*not ok /.test(entry))) console.log(line.trim())
    console.log(`unit: ${count('pass')} passed, ${failed} failed, ${count('skipped')} skipped (${files.length} files)`)
  } finally {
    own?.stop()
  }
}

async function journeys(): Promise<void> {
  await buildWeb((line) => console.log(line))
  const browser = await findBrowser((line) => console.log(line))
  console.log(`browser: ${browser.executablePath} (${browser.source})`)
  const report = join(REPORTS, 'journeys.json')
  rmSync(report, { force: true })
  const ended = run([bin('@playwright/test', '../cli.js'), 'test', '--config', 'e2e/playwright.config.ts'], {
    ...browser.environment,
    UTHOPP_BROWSER: browser.executablePath,
    PLAYWRIGHT_JSON_OUTPUT_NAME: report,
  })
  if (!existsSync(report)) return check('journeys', false)
  const { stats }: { stats: { expected: number; unexpected: number; flaky: number; skipped: number } } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  tally.passed += stats.expected
  tally.failed += stats.unexpected + stats.flaky > 0 || ended ? stats.unexpected + stats.flaky : 1
  tally.skipped += stats.skipped
}
