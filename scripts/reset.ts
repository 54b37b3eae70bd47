import { rmSync } from 'node:fs'
import { resolve } from 'node:path'

const data = resolve(process.env['UTHOPP_DATA'] ?? '.data')
rmSync(data, { recursive: true, force: true })
console.log(`removed ${data}; the next start seeds everything afresh`)
