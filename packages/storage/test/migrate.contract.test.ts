import assert from 'node:assert/strict'
import { test } from 'node:test'
import { migrate } from '#src/migrate.ts'
import { onEachEngine } from '#src/on-each-engine.ts'
import { openPlace } from '#src/open.ts'
import { raceAcrossProcesses } from '#src/race.ts'
import { sql } from '#src/sql.ts'
import { MIGRATIONS, OUS, offer } from '#test/tickets.ts'

const [FIRST] = MIGRATIONS
const SECOND = {
  id: '002-seats',
  up: {
    sqlite: [sql`alter table ticket add column seat text`],
    postgres: [sql`alter table ticket add column seat text`],
  },
}

onEachEngine([], ({ open, newPlace, shared }) => {
  test('a migration runs once, and a later one finds what the earlier left', async () => {
    const db = await open()
    await migrate(db, MIGRATIONS)
    await offer(db, OUS, 'a')
    await migrate(db, MIGRATIONS)
    await migrate(db, [...MIGRATIONS, SECOND])
    assert.deepEqual(await db.all(sql`select id, seat from ticket where tenant = ${OUS}`), [{ id: 'a', seat: null }])
  })

  test('a step that fails leaves nothing of this round behind', async () => {
    const db = await open()
    const broken = { id: '003-broken', up: [sql`create table half (a text)`, sql`create table ticket (a text)`] }
    await assert.rejects(migrate(db, [...MIGRATIONS, broken]))
    await migrate(db, MIGRATIONS)
    await offer(db, OUS, 'a')
  })

  test('a database newer than the program is refused', async () => {
    const db = await open()
    await migrate(db, [...MIGRATIONS, SECOND])
    assert.ok(FIRST)
    await assert.rejects(migrate(db, [FIRST]), /`002-seats`, which this program does not know/)
  })

  if (shared) {
    test('processes that start together on an empty place all find one schema', async () => {
      const place = newPlace()
      const script = new URL('./migrate-contender.ts', import.meta.url)
      const outcomes = await raceAcrossProcesses({ script, place, count: 4 })
      assert.deepEqual(outcomes, [true, true, true, true])
      const db = await openPlace(place)
      assert.equal((await db.all(sql`select id from ticket where tenant = ${OUS}`)).length, 4)
      await db.close()
    })
  }
})
