import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { openDatabase } from '#src/open.ts'
import { openPostgres } from '#src/postgres.ts'
import { sql } from '#src/sql.ts'

const root = mkdtempSync(join(tmpdir(), 'uthopp-open-'))
after(() => rmSync(root, { recursive: true }))
const DISK = { storage: 'disk', databaseUrl: undefined } as const

describe('opening the database of a process', () => {
  test('makes a file of its name that nobody else on the machine reads', async () => {
    const data = join(root, 'data')
    const db = await openDatabase({ ...DISK, name: 'auth', data })
    await db.acrossTenants.run(sql`create table a (b text)`)
    assert.deepEqual(
      readdirSync(data).filter((file) => file.endsWith('.sqlite')),
      ['auth.sqlite'],
    )
    for (const file of readdirSync(data)) assert.equal(statSync(join(data, file)).mode & 0o077, 0, file)
    await db.close()
  })

  test('keeps every commit through a power cut unless told otherwise', async () => {
    const db = await openDatabase({ ...DISK, name: 'full', data: root })
    const quick = await openDatabase({ ...DISK, name: 'quick', data: root, durability: 'normal' })
    assert.deepEqual(await db.acrossTenants.first(sql`pragma synchronous`), { synchronous: 2 })
    assert.deepEqual(await quick.acrossTenants.first(sql`pragma synchronous`), { synchronous: 1 })
    assert.deepEqual(await db.acrossTenants.first(sql`pragma journal_mode`), { journal_mode: 'wal' })
    await Promise.all([db.close(), quick.close()])
  })

  test('waits for a writer in another connection instead of failing at once', async () => {
    const db = await openDatabase({ ...DISK, name: 'busy', data: root })
    assert.deepEqual(await db.acrossTenants.first(sql`pragma busy_timeout`), { timeout: 5000 })
    await db.close()
  })

  test('in memory leaves no trace, also when a PostgreSQL address is there', async () => {
    const data = join(root, 'untouched')
    const db = await openDatabase({
      name: 'auth',
      storage: 'memory',
      data,
      databaseUrl: 'postgres://nowhere.invalid/x',
    })
    assert.equal(db.engine, 'sqlite')
    assert.throws(() => statSync(data))
    await db.close()
  })

  test('refuses a schema name that could carry anything else, and a missing data directory', async () => {
    await assert.rejects(
      openPostgres({ url: 'postgres://nowhere.invalid/x', schema: 'a; drop schema public' }),
      /is not a schema name/,
    )
    assert.throws(() => openDatabase({ ...DISK, name: 'auth', data: undefined }), /data directory/)
  })

  test('a closed file is a whole file: no log is left to replay', async () => {
    const db = await openDatabase({ ...DISK, name: 'whole', data: root })
    await db.acrossTenants.run(sql`create table a (b text)`)
    await db.close()
    const file = new DatabaseSync(join(root, 'whole.sqlite'), { readOnly: true })
    assert.deepEqual(file.prepare('select name from sqlite_schema').all().length, 1)
    file.close()
  })
})
