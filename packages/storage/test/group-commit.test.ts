import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, test } from 'node:test'
import type { Database } from '#src/database.ts'
import { migrate } from '#src/migrate.ts'
import { sql } from '#src/sql.ts'
import { openSqlite } from '#src/sqlite.ts'
import { MIGRATIONS, OUS, offer } from '#test/tickets.ts'

const root = mkdtempSync(join(tmpdir(), 'uthopp-group-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function tickets(name: string): Promise<{ readonly db: Database; readonly file: string }> {
  const file = join(root, `${name}.sqlite`)
  const db = await openSqlite({ file })
  await migrate(db, MIGRATIONS)
  return { db, file }
}

const idsOf = async (db: Database) =>
  (await db.all<{ id: string }>(sql`select id from ticket where tenant = ${OUS} order by id`)).map(({ id }) => id)

/** Commits in the write-ahead log (sqlite.org/fileformat2.html §4.1): the frames that name a size of the database. */
function commitsIn(file: string): number {
  const log = readFileSync(`${file}-wal`)
  const frame = 24 + log.readUInt32BE(8)
  let commits = 0
  for (let at = 32; at + frame <= log.length; at += frame) if (log.readUInt32BE(at + 4) > 0) commits += 1
  return commits
}

const nextTick = () => new Promise<void>((next) => setImmediate(next))

describe('single writes on SQLite', () => {
  test('of one tick share a commit, and a batch has a bound', async () => {
    const { db, file } = await tickets('shared')
    const before = commitsIn(file)
    await Promise.all(Array.from({ length: 60 }, (_, index) => offer(db, OUS, `a${index}`)))
    assert.equal(commitsIn(file) - before, 1)
    await Promise.all(Array.from({ length: 250 }, (_, index) => offer(db, OUS, `b${index}`)))
    assert.equal(commitsIn(file) - before, 4)
    await db.close()
  })

  test('of a few busy ticks share a commit, of three at most', async () => {
    const { db, file } = await tickets('company')
    const before = commitsIn(file)
    const asked = [offer(db, OUS, 'tick0-a'), offer(db, OUS, 'tick0-b')]
    // As requests are read from their sockets: more in each tick.
    for (let tick = 1; tick < 3; tick += 1) {
      await nextTick()
      asked.push(offer(db, OUS, `tick${tick}`))
    }
    await Promise.all(asked)
    assert.equal(commitsIn(file) - before, 1)

    const endless: Promise<unknown>[] = []
    for (let tick = 0; tick < 12; tick += 1) {
      endless.push(offer(db, OUS, `endless${tick}a`), offer(db, OUS, `endless${tick}b`))
      await nextTick()
    }
    await Promise.all(endless)
    assert.ok(commitsIn(file) - before > 3, 'nobody waits for as long as others come')
    await db.close()
  })

  test('wait for nobody who does not come: one alone, or some of one tick, are written in the next', async () => {
    const { db } = await tickets('alone')
    for (const ids of [['alone'], ['two', 'together']]) {
      let answered = 0
      const asked = ids.map((id) => offer(db, OUS, id).then(() => (answered += 1)))
      let ticks = 0
      while (answered < ids.length && ticks < 20) {
        await nextTick()
        ticks += 1
      }
      await Promise.all(asked)
      // One tick to see who else is there, and where somebody was, one more to see that nobody follows.
      assert.ok(ticks <= 1 + ids.length, `${ticks} ticks for ${ids.length}`)
    }
    await db.close()
  })

  test('that wait for company are seen by a read that was asked for meanwhile, and keep a transaction behind them', async () => {
    const { db } = await tickets('meanwhile')
    const write = offer(db, OUS, 'a')
    const both = offer(db, OUS, 'b')
    await nextTick()
    const read = idsOf(db)
    const inside = db.transaction((tx) => idsOf(tx))
    assert.deepEqual(await read, ['a', 'b'])
    assert.deepEqual(await inside, ['a', 'b'])
    await Promise.all([write, both])
    await db.close()
  })

  test('are not answered before another connection can see them', async () => {
    const { db, file } = await tickets('acknowledged')
    const other = new DatabaseSync(file, { readOnly: true })
    const seen = Array.from({ length: 20 }, async (_, index) => {
      await offer(db, OUS, `t${index}`)
      return other.prepare('select 1 as there from ticket where id = ?').get(`t${index}`)?.['there']
    })
    assert.ok((await Promise.all(seen)).every((there) => there === 1))
    other.close()
    await db.close()
  })

  test('take effect in the order they were asked for, reads and transactions between them included', async () => {
    const { db } = await tickets('order')
    const put = (holder: string) =>
      db.run(
        sql`insert into ticket (tenant, id, holder) values (${OUS}, ${'a'}, ${holder}) on conflict (tenant, id) do update set holder = ticket.holder || excluded.holder`,
      )
    const read = async () =>
      (await db.first<{ holder: string }>(sql`select holder from ticket where tenant = ${OUS}`))?.holder
    const answers = await Promise.all([
      put('1'),
      put('2'),
      read(),
      db.transaction((inside) =>
        inside.run(sql`update ticket set holder = holder || ${'3'} where tenant = ${OUS} and id = ${'a'}`),
      ),
      read(),
      put('4'),
      db.acrossTenants.run(sql`create table another (tenant text)`),
      put('5'),
      read(),
    ])
    assert.deepEqual(answers, [1, 1, '12', 1, '123', 1, answers[6], 1, '12345'])
    await db.close()
  })

  test('of which one undoes the whole batch are made again without it', async () => {
    const { db } = await tickets('undone')
    await offer(db, OUS, 'taken')
    const outcomes = await Promise.allSettled([
      offer(db, OUS, 'a'),
      db.run(sql`insert or rollback into ticket (tenant, id) values (${OUS}, ${'taken'})`),
      offer(db, OUS, 'b'),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(await idsOf(db), ['a', 'b', 'taken'])
    await db.close()
  })

  test('of which one breaks a constraint that is checked at the commit fail that one alone', async () => {
    const { db } = await tickets('deferred')
    await db.acrossTenants.run(
      sql`create table child (tenant text, id text, foreign key (tenant, id) references ticket deferrable initially deferred)`,
    )
    await offer(db, OUS, 'parent')
    const child = (id: string) => db.run(sql`insert into child (tenant, id) values (${OUS}, ${id})`)
    const outcomes = await Promise.allSettled([child('parent'), child('nobody'), offer(db, OUS, 'b')])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    )
    assert.deepEqual(await db.all(sql`select id from child where tenant = ${OUS}`), [{ id: 'parent' }])
    await db.close()
  })

  test('asked for before the database is closed are kept; those asked for after are refused', async () => {
    const { db, file } = await tickets('closing')
    const asked = [offer(db, OUS, 'a'), offer(db, OUS, 'b')]
    const closed = db.close()
    const late = Promise.allSettled([offer(db, OUS, 'c'), offer(db, OUS, 'd')])
    await Promise.all([...asked, closed])
    assert.deepEqual(
      (await late).map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    const again = await openSqlite({ file })
    assert.deepEqual(await idsOf(again), ['a', 'b'])
    await again.close()
  })

  test('leave reads alone while another process holds the file', async () => {
    const { db, file } = await tickets('held')
    await offer(db, OUS, 'a')
    await db.acrossTenants.run(sql`pragma busy_timeout = 20`)
    const holder = new DatabaseSync(file)
    holder.exec('begin immediate')
    const outcomes = await Promise.allSettled([offer(db, OUS, 'b'), offer(db, OUS, 'c'), idsOf(db)])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['rejected', 'rejected', 'fulfilled'],
    )
    holder.exec('rollback')
    holder.close()
    await Promise.all([offer(db, OUS, 'b'), offer(db, OUS, 'c')])
    assert.deepEqual(await idsOf(db), ['a', 'b', 'c'])
    await db.close()
  })

  test('that were answered are there after the process is killed at any moment', async () => {
    const { db, file } = await tickets('killed')
    await db.close()
    for (let life = 0; life < 4; life += 1) {
      const answered = await killedWriter(file, `life${life}-`, 150 + life * 130)
      assert.ok(answered.length >= 150)
      const again = await openSqlite({ file })
      const there = new Set(await idsOf(again))
      assert.deepEqual(
        answered.filter((id) => !there.has(id)),
        [],
      )
      assert.deepEqual(await again.acrossTenants.all(sql`pragma integrity_check`), [{ integrity_check: 'ok' }])
      await again.close()
    }
  })
})

/** Lets a process write with many callers at once and kills it after some answers; what it was told, it told us first. */
async function killedWriter(file: string, prefix: string, answers: number): Promise<readonly string[]> {
  const child = fork(new URL('./tireless-writer.ts', import.meta.url), [file, prefix], { execArgv: [] })
  const told: string[] = []
  child.on('message', (id: string) => {
    if (told.push(id) === answers) child.kill('SIGKILL')
  })
  const { promise: gone, resolve } = Promise.withResolvers<NodeJS.Signals | null>()
  child.once('close', (_code, signal) => resolve(signal))
  assert.equal(await gone, 'SIGKILL')
  return told
}
