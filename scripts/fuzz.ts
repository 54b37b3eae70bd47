import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'

/** The fuzz tests of every workspace on new inputs, a minute each unless another number of seconds is given. */
const ROOT = join(import.meta.dirname, '..')
const seconds = process.argv[2] ?? '60'
if (!/^[1-9]\d{0,5}$/.test(seconds)) {
  console.error(`\`${seconds}\` is not a number of seconds`)
  process.exit(2)
}
const files = globSync('{packages/*,auth-server}/test/**/*.fuzz.test.ts', { cwd: ROOT })
const { status } = spawnSync(process.execPath, ['--test', '--test-concurrency=2', ...files], {
  cwd: ROOT,
  stdio: 'inherit',
  env: { ...process.env, UTHOPP_FUZZ_SECONDS: seconds },
})
process.exit(files.length > 0 ? (status ?? 1) : 1)
