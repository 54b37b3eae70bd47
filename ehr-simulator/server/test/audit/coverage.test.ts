import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { LOG_OF_ROUTE } from './route-activities.ts'
import { startHostWorld } from '../http/host-world.ts'

const world = await startHostWorld()
after(() => world.close())

const SOURCE = join(import.meta.dirname, '../../src')

/** Everything the host's own code writes to the log, by name. */
const source = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(SOURCE, file), 'utf8'))
  .join('\n')

describe('the access log and the host', () => {
  test('every address says what the log hears of it, and no other is described', () => {
    assert.deepEqual([...LOG_OF_ROUTE.keys()].toSorted(), [...new Set(world.host.routes)].toSorted())
  })

  test('every activity an address promises is written somewhere in the host', () => {
    for (const [route, inLog] of LOG_OF_ROUTE)
      if (inLog.kind === 'told')
        for (const activity of inLog.activities) assert.ok(source.includes(`'${activity}'`), `${route}: ${activity}`)
  })
})
