import { rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { runningIn } from './running-mark.ts'

const data = resolve(process.env['UTHOPP_DATA'] ?? '.data')
const pid = runningIn(data)
if (pid !== undefined) {
  console.error(`a world is running from ${data} (process ${pid}): stop it with Ctrl-C first`)
  process.exit(1)
}
rmSync(data, { recursive: true, force: true })
console.log(`removed ${data}; the next start seeds everything afresh`)
