import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import { migrate } from '#src/migrate.ts'
import { openDatabase, openPlace } from '#src/open.ts'
import { dropSchema, openPostgres } from '#src/postgres.ts'
import { raceAcrossProcesses } from '#src/race.ts'
import { sql } from '#src/sql.ts'
import { MIGRATIONS, OUS } from '#test/tickets.ts'

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

  const url = process.env['UTHOPP_TEST_DATABASE']
  test('refuses a PostgreSQL address that would lead past its own schema', {
    skip: url ? false : 'UTHOPP_TEST_DATABASE names no PostgreSQL database',
  }, async () => {
    const astray = `${url}${url?.includes('?') ? '&' : '?'}options=-csearch_path%3Dpublic`
    await assert.rejects(openPostgres({ url: astray, schema: 'test_astray' }), /search path of its own/)
    await dropSchema({ url: url ?? '', schema: 'test_astray' })
  })

  test('processes that read and then write one file neither fail nor lose an update', async () => {
    const place = { kind: 'file', file: join(root, 'shared.sqlite') } as const
    const db = await openPlace(place)
    await migrate(db, MIGRATIONS)
    await db.run(sql`insert into ticket (tenant, id, spent_at) values (${OUS}, ${'counter'}, 0)`)
    await raceAcrossProcesses({ script: new URL('./increment-contender.ts', import.meta.url), place, count: 3 })
    assert.deepEqual(await db.first(sql`select spent_at from ticket where tenant = ${OUS}`), { spent_at: 30 })
    await db.close()
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
