import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '#src/on-each-engine.ts'
import { sql } from '#src/sql.ts'
import { AHUS, MIGRATIONS, offer, OUS, redeem } from '#test/tickets.ts'

const ids = (count: number) => Array.from({ length: count }, (_, index) => `t${String(index).padStart(4, '0')}`)

onEachEngine(MIGRATIONS, ({ open }) => {
  describe('single writes made at the same moment', () => {
    test('each fail or succeed for themselves: one that fails takes no neighbour along', async () => {
      const db = await open()
      await offer(db, OUS, 'taken')
      const asked = [
        offer(db, OUS, 'first'),
        offer(db, OUS, 'taken'),
        db.run(sql`update ticket set nothing = 1 where tenant = ${OUS}`),
        db.run(sql`insert into ticket (tenant, id) values (${OUS}, ${'half'}), (${OUS}, ${'taken'})`),
        offer(db, OUS, 'last'),
      ]
      const outcomes = (await Promise.allSettled(asked)).map(({ status }) => status)
      assert.deepEqual(outcomes, ['fulfilled', 'rejected', 'rejected', 'rejected', 'fulfilled'])
      assert.deepEqual(await db.all(sql`select id from ticket where tenant = ${OUS} order by id`), [
        { id: 'first' },
        { id: 'last' },
        { id: 'taken' },
      ])
    })

    test('are all there, also far more of them than one commit carries', async () => {
      const db = await open()
      await Promise.all(ids(550).map((id) => offer(db, OUS, id)))
      assert.deepEqual(await db.first(sql`select count(*) as n from ticket where tenant = ${OUS}`), { n: 550 })
    })

    test('answer each caller with the rows of its own statement', async () => {
      const db = await open()
      await Promise.all(ids(30).map((id) => offer(db, OUS, id)))
      const taken = ids(30).map((id) =>
        db.first<{ id: string }>(
          sql`update ticket set spent_at = 1 where tenant = ${OUS} and id = ${id} and spent_at is null returning id`,
        ),
      )
      assert.deepEqual(
        (await Promise.all(taken)).map((row) => row?.id),
        ids(30),
      )
    })

    test('mix with transactions without one undoing the other', async () => {
      const db = await open()
      const asked = ids(60).map((id, index) => {
        if (index % 3 === 0) return offer(db, OUS, id)
        return db.transaction(async (inside) => {
          await offer(inside, OUS, id)
          await new Promise(setImmediate)
          await offer(inside, AHUS, id)
          if (index % 3 === 1) throw new Error('second thoughts')
        })
      })
      const kept = (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled')
      assert.equal(kept.length, 40)
      const count = async (tenant: typeof OUS) =>
        (await db.all(sql`select id from ticket where tenant = ${tenant}`)).length
      assert.deepEqual([await count(OUS), await count(AHUS)], [40, 20])
    })

    test('that have been answered are seen by whoever asks next', async () => {
      const db = await open()
      const seen = await Promise.all(
        ids(40).map(async (id) => {
          await offer(db, OUS, id)
          const won = await redeem(db, OUS, id, id)
          const row = await db.first<{ holder: string }>(
            sql`select holder from ticket where tenant = ${OUS} and id = ${id}`,
          )
          return won && row?.holder === id
        }),
      )
      assert.ok(seen.every(Boolean))
    })
  })
})
