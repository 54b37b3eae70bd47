import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '#src/on-each-engine.ts'
import { raceAcrossProcesses } from '#src/race.ts'
import { sql } from '#src/sql.ts'
import { MIGRATIONS, offer, OUS, redeem, AHUS } from '#test/tickets.ts'

onEachEngine(MIGRATIONS, ({ open, newPlace, shared }) => {
  describe('values', () => {
    test('come back as they went in', async () => {
      const db = await open()
      const milliseconds = 1_795_170_105_972
      const bytes = new Uint8Array([0, 255, 1]).subarray(1)
      await db.run(
        sql`insert into ticket (tenant, id, spent_at, sealed) values (${OUS}, ${"ærlig '%_\\ \u{1F600}"}, ${milliseconds}, ${bytes})`,
      )
      const row = await db.first<{ id: string; spent_at: number; sealed: Uint8Array; holder: null }>(
        sql`select * from ticket where tenant = ${OUS}`,
      )
      assert.equal(row?.id, "ærlig '%_\\ \u{1F600}")
      assert.equal(row?.spent_at, milliseconds)
      assert.deepEqual([...(row?.sealed ?? [])], [255, 1])
      assert.ok(row?.sealed instanceof Uint8Array)
      assert.equal(row?.holder, null)
      assert.equal(Object.getPrototypeOf(row), Object.prototype)
    })

    test('that are true, false or very large whole numbers keep their meaning', async () => {
      const db = await open()
      await db.run(
        sql`insert into ticket (tenant, id, spent_at) values (${OUS}, ${'a'}, ${true}), (${OUS}, ${'b'}, ${9_007_199_254_740_991n})`,
      )
      const rows = await db.all<{ spent_at: number }>(
        sql`select spent_at from ticket where tenant = ${OUS} order by id`,
      )
      assert.deepEqual(rows, [{ spent_at: 1 }, { spent_at: Number.MAX_SAFE_INTEGER }])
    })

    test('cannot end the statement they stand in', async () => {
      const db = await open()
      await offer(db, OUS, 'a')
      const hostile = "a'; delete from ticket; --"
      assert.equal(await db.first(sql`select id from ticket where tenant = ${OUS} and id = ${hostile}`), undefined)
      assert.equal((await db.all(sql`select id from ticket where tenant = ${OUS}`)).length, 1)
    })
  })

  describe('asking', () => {
    test('of one tenant never answers with rows of another', async () => {
      const db = await open()
      await offer(db, OUS, 'a')
      await offer(db, AHUS, 'a')
      assert.equal(await db.run(sql`delete from ticket where tenant = ${OUS}`), 1)
      assert.deepEqual(await db.all(sql`select tenant from ticket where tenant = ${AHUS}`), [{ tenant: AHUS }])
    })

    test('for a list finds what is in it, and nothing for an empty one', async () => {
      const db = await open()
      for (const id of ['a', 'b', 'c']) await offer(db, OUS, id)
      const among = (ids: readonly string[]) =>
        db.all(sql`select id from ticket where tenant = ${OUS} and id in (${sql.list(ids)}) order by id`)
      assert.deepEqual(await among(['a', 'c', 'x']), [{ id: 'a' }, { id: 'c' }])
      assert.deepEqual(await among([]), [])
    })

    test('first hands out one row of an update and still changes them all', async () => {
      const db = await open()
      for (const id of ['a', 'b', 'c']) await offer(db, OUS, id)
      assert.ok(await db.first(sql`update ticket set spent_at = 1 where tenant = ${OUS} returning id`))
      assert.equal((await db.all(sql`select id from ticket where tenant = ${OUS} and spent_at = 1`)).length, 3)
    })

    test('a statement that fails does not take the database with it', async () => {
      const db = await open()
      await offer(db, OUS, 'a')
      await assert.rejects(offer(db, OUS, 'a'))
      await assert.rejects(db.all(sql`select nothing from nowhere where tenant = ${OUS}`))
      assert.equal((await db.all(sql`select id from ticket where tenant = ${OUS}`)).length, 1)
    })
  })

  describe('at most once', () => {
    test('of many simultaneous redemptions exactly one succeeds', async () => {
      const db = await open()
      await offer(db, OUS, 'a')
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, index) => redeem(db, OUS, 'a', `holder ${index}`)),
      )
      assert.equal(outcomes.filter(Boolean).length, 1)
    })

    test('of many simultaneous first uses of one id exactly one is the first', async () => {
      const db = await open()
      const use = () => db.run(sql`insert into ticket (tenant, id) values (${OUS}, ${'jti'}) on conflict do nothing`)
      const outcomes = await Promise.all(Array.from({ length: 20 }, use))
      assert.deepEqual(
        outcomes.toSorted((a, b) => a - b),
        [...Array.from({ length: 19 }, () => 0), 1],
      )
    })

    if (shared) {
      test('holds across processes too', async () => {
        const place = newPlace()
        const db = await open(place)
        await offer(db, OUS, 'a')
        const script = new URL('./redeem-contender.ts', import.meta.url)
        const outcomes = await raceAcrossProcesses({ script, place, count: 6 })
        assert.equal(outcomes.length, 6)
        assert.equal(outcomes.filter((won) => won === true).length, 1)
      })
    }
  })

  describe('a transaction', () => {
    test('is kept whole or not at all', async () => {
      const db = await open()
      const failing = db.transaction(async (inside) => {
        await offer(inside, OUS, 'a')
        throw new Error('second thoughts')
      })
      await assert.rejects(failing, /second thoughts/)
      assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS}`), [])
      assert.equal(await db.transaction(async (inside) => (await offer(inside, OUS, 'b'), 'result')), 'result')
      assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS}`), [{ id: 'b' }])
    })

    test('that fails takes nobody else along: work of others in between is neither inside nor undone', async () => {
      const db = await open()
      const entered = Promise.withResolvers<void>()
      const leave = Promise.withResolvers<void>()
      const failing = db.transaction(async (inside) => {
        await offer(inside, OUS, 'inside')
        entered.resolve()
        await leave.promise
        throw new Error('rolled back')
      })
      await entered.promise
      const others = [offer(db, OUS, 'other'), db.transaction((inside) => offer(inside, OUS, 'third'))]
      leave.resolve()
      await assert.rejects(failing, /rolled back/)
      await Promise.all(others)
      assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS} order by id`), [
        { id: 'other' },
        { id: 'third' },
      ])
    })

    test('shows nobody outside what it has not kept', async () => {
      const db = await open()
      const entered = Promise.withResolvers<void>()
      const leave = Promise.withResolvers<void>()
      const running = db.transaction(async (inside) => {
        await offer(inside, OUS, 'a')
        entered.resolve()
        await leave.promise
        await inside.run(sql`delete from ticket where tenant = ${OUS}`)
      })
      await entered.promise
      const seen = db.all(sql`select id from ticket where tenant = ${OUS}`)
      leave.resolve()
      assert.deepEqual(await seen, [])
      await running
    })

    test('many at once that each read, wait and write lose no update when they lock what they read', async () => {
      const db = await open()
      await db.run(sql`insert into ticket (tenant, id, spent_at) values (${OUS}, ${'counter'}, 0)`)
      const increment = () =>
        db.transaction(async (inside) => {
          // Taking the row by writing it first is the portable lock.
          await inside.run(sql`update ticket set holder = ${'me'} where tenant = ${OUS} and id = ${'counter'}`)
          const row = await inside.first<{ spent_at: number }>(
            sql`select spent_at from ticket where tenant = ${OUS} and id = ${'counter'}`,
          )
          await new Promise(setImmediate)
          await inside.run(
            sql`update ticket set spent_at = ${(row?.spent_at ?? 0) + 1} where tenant = ${OUS} and id = ${'counter'}`,
          )
        })
      await Promise.all(Array.from({ length: 25 }, increment))
      assert.deepEqual(await db.first(sql`select spent_at from ticket where tenant = ${OUS}`), { spent_at: 25 })
    })

    if (shared) {
      test('of a process that dies in the middle of it leaves nothing and blocks nobody', async () => {
        const place = newPlace()
        const db = await open(place)
        const script = new URL('./dying-contender.ts', import.meta.url)
        await assert.rejects(raceAcrossProcesses({ script, place, count: 1 }), /before it answered/)
        await offer(db, OUS, 'after')
        assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS}`), [{ id: 'after' }])
      })
    }

    test('inside another undoes only itself', async () => {
      const db = await open()
      await db.transaction(async (outer) => {
        await offer(outer, OUS, 'outer')
        const inner = outer.transaction(async (inside) => {
          await offer(inside, OUS, 'inner')
          throw new Error('only the inner one')
        })
        await assert.rejects(inner, /only the inner one/)
        await outer.transaction((inside) => offer(inside, OUS, 'kept'))
      })
      assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS} order by id`), [
        { id: 'kept' },
        { id: 'outer' },
      ])
    })

    test('whose work uses the outer database is an error at once, not a wait without end', async () => {
      const db = await open()
      const wrong = db.transaction(() => db.all(sql`select id from ticket where tenant = ${OUS}`))
      await assert.rejects(wrong, /only its own database/)
      const nested = db.transaction(() => db.transaction(() => Promise.resolve()))
      await assert.rejects(nested, /only its own database/)
      assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS}`), [])
    })

    test('cannot be used after its end', async () => {
      const db = await open()
      const kept = await db.transaction((inside) => Promise.resolve({ inside }))
      await assert.rejects(kept.inside.run(sql`delete from ticket where tenant = ${OUS}`), /is over/)
    })

    test('that starts work for later does not forbid that work the outer database', async () => {
      const db = await open()
      const later = await db.transaction(async (inside) => {
        await offer(inside, OUS, 'a')
        return {
          ids: new Promise(setImmediate)
            .then(() => new Promise((wait) => setTimeout(wait, 20)))
            .then(() => db.all(sql`select id from ticket where tenant = ${OUS}`)),
        }
      })
      assert.deepEqual(await later.ids, [{ id: 'a' }])
    })

    test('whose work swallows a failed statement keeps nothing, and says so', async () => {
      const db = await open()
      const swallowing = db.transaction(async (inside) => {
        await offer(inside, OUS, 'a')
        await offer(inside, OUS, 'a').catch(() => undefined)
      })
      await assert.rejects(swallowing, /nothing of it is kept/)
      assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS}`), [])
    })

    test('survives a failed statement that stood in a savepoint', async () => {
      const db = await open()
      await db.transaction(async (inside) => {
        await offer(inside, OUS, 'a')
        await inside.transaction((savepoint) => offer(savepoint, OUS, 'a')).catch(() => undefined)
        await offer(inside, OUS, 'b')
      })
      assert.equal((await db.all(sql`select id from ticket where tenant = ${OUS}`)).length, 2)
    })

    test('with a failed statement can still be left in order', async () => {
      const db = await open()
      const failing = db.transaction(async (inside) => {
        await offer(inside, OUS, 'a')
        await offer(inside, OUS, 'a')
      })
      await assert.rejects(failing)
      assert.equal(await db.run(sql`insert into ticket (tenant, id) values (${OUS}, ${'a'})`), 1)
    })
  })

  if (shared) {
    test('what was written is there when the place is opened again', async () => {
      const place = newPlace()
      const first = await open(place)
      await offer(first, OUS, 'a')
      const second = await open(place)
      assert.equal(await redeem(second, OUS, 'a', 'holder'), true)
      assert.equal(await redeem(first, OUS, 'a', 'holder'), false)
    })
  }
})
