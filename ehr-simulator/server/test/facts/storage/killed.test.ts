import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { OUTBOX_MIGRATIONS } from '@uthopp/audit/outbox-migrations'
import { migrate } from '@uthopp/storage/migrate'
import { openPlace } from '@uthopp/storage/open'
import { sql } from '@uthopp/storage/sql'
import { FACT_MIGRATIONS } from '#src/facts/storage/migrations.ts'
import { TENANT } from '../builders.ts'

const SCRIPT = fileURLToPath(new URL('contenders/take-and-die.ts', import.meta.url))

/** How many decisions, and how many records of them, are there after a process that took one was killed. */
async function leftBy(when: 'inside' | 'after'): Promise<readonly number[]> {
  const folder = mkdtempSync(join(tmpdir(), 'uthopp-killed-'))
  const place = { kind: 'file', file: join(folder, 'host.sqlite'), durability: 'full' } as const
  const first = await openPlace(place)
  await migrate(first, [...FACT_MIGRATIONS, ...OUTBOX_MIGRATIONS])
  await first.close()
  const child = spawn(process.execPath, [SCRIPT, place.file, when], { stdio: ['ignore', 'ignore', 'inherit'] })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null] // as node describes the event
  assert.equal(signal, 'SIGKILL', 'it was killed and did not fail')
  const db = await openPlace(place)
  try {
    const decisions = await db.all(sql`select id from care_decision where tenant = ${TENANT}`)
    const changes = await db.all(sql`select id from fact_change where tenant = ${TENANT}`)
    const records = await db.all(sql`select record from audit_outbox where tenant = ${TENANT}`)
    return [decisions.length, changes.length, records.length]
  } finally {
    await db.close()
    rmSync(folder, { recursive: true })
  }
}

describe('a process that is killed while somebody takes access', () => {
  test('leaves no access without its record, and no record of an access that never was', async () => {
    assert.deepEqual(await leftBy('inside'), [0, 0, 0])
    assert.deepEqual(await leftBy('after'), [1, 1, 1])
  })
})
