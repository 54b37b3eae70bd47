import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from '@uthopp/storage/sql'
import type { World } from './world.ts'

/** Text, also where it was stored as bytes. */
const readable = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value).toString('latin1')
    : typeof value === 'bigint'
      ? String(value)
      : value

/** Everything that is stored, by table, once what waited for the access log has arrived there. */
async function storedText(world: World): Promise<ReadonlyMap<string, string>> {
  const { acrossTenants: db } = world.db
  const deadline = performance.now() + 30_000
  while (await db.first(sql`select position from audit_outbox where refused is null limit 1`)) {
    assert.ok(performance.now() < deadline, 'the access log never got what waited for it')
    await sleep(20)
  }
  const tables = await db.all<{ name: string }>(sql`select name from sqlite_master where type = ${'table'}`)
  assert.ok(tables.some(({ name }) => name === 'audit_record'))
  const texts = new Map<string, string>()
  for (const { name } of tables) {
    const rows = await db.all(sql`select * from ${sql.raw(name as 'a table of our own')}`) // named by the database itself
    texts.set(name, JSON.stringify(rows, readable))
  }
  return texts
}

/** Holds that no table and no line of the log has any of these bearer secrets in clear. */
export async function assertNowhere(world: World, secrets: Readonly<Record<string, unknown>>): Promise<void> {
  const stored = await storedText(world)
  for (const [what, secret] of Object.entries(secrets)) {
    assert.ok(typeof secret === 'string' && secret.length >= 7, `there is a ${what} to look for`)
    for (const [table, text] of stored) assert.ok(!text.includes(secret), `${what} stands in ${table}`)
    assert.ok(!world.lines.some((line) => line.includes(secret)), `${what} stands in the log`)
  }
}
