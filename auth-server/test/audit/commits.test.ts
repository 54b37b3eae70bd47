import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '@uthopp/storage/sql'
import { Browser } from '#test/support/browser.ts'
import { launch, refresh } from '#test/support/launch.ts'
import { json, startWorld } from '#test/support/world.ts'

const HEADER = 32
const FRAME_HEADER = 24
const PAGE = 4096

/** Commits in a write-ahead log: frames that name the size of the database after them (SQLite file format §4.1). */
function commitsIn(wal: Buffer): number {
  let commits = 0
  for (let at = HEADER; at + FRAME_HEADER <= wal.length; at += FRAME_HEADER + PAGE)
    if (wal.readUInt32BE(at + 4) > 0) commits += 1
  return commits
}

describe('the price of the access log', () => {
  test('is no commit of its own where a refresh token is written anyway', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'uthopp-commits-'))
    const file = join(folder, 'auth.sqlite')
    const world = await startWorld({ place: { kind: 'file', file } })
    const { tokens } = await launch(world, new Browser(), { session: 'commits' })
    let token = String(tokens['refresh_token'])
    const counted: number[] = []
    for (let round = 0; round < 6; round += 1) {
      // Delivery to the log commits too: it is done before, and may begin again meanwhile; the least of several is the refresh alone.
      while (await world.db.acrossTenants.first(sql`select position from audit_outbox limit 1`)) await sleep(20)
      const before = commitsIn(readFileSync(`${file}-wal`))
      token = String((await json(await refresh(world, token)))['refresh_token'])
      counted.push(commitsIn(readFileSync(`${file}-wal`)) - before)
    }
    // The old token is spent, and the new one is written together with what the log is told.
    assert.equal(Math.min(...counted), 2, counted.join())
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  })
})
