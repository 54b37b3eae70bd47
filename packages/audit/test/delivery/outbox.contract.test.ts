import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { OUTBOX_MIGRATIONS } from '#src/delivery/migrations.ts'
import { createOutbox } from '#src/delivery/outbox.ts'
import { RecordsRefused, type Send } from '#src/delivery/send.ts'
import { AHUS, aRecord, OUS } from '#test/records.ts'

const log = createLog({ name: 'test', level: 'silent' })
const some = (count: number, tenant = OUS) => Array.from({ length: count }, () => aRecord({ tenant }))
const idsOf = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id)

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('waited too long')
    await sleep(10)
  }
}

const outboxOn = (db: Database, now = () => new Date()) => createOutbox({ db, now, log, lingerMs: 0 })

/** A repository that keeps what it is given, unless it is told otherwise. */
function arrivals(trouble: (tenant: string, ids: readonly string[]) => void = () => undefined) {
  const ids: string[] = []
  const sizes: number[] = []
  const send: Send = async (tenant, records) => {
    trouble(tenant, idsOf(records))
    ids.push(...idsOf(records))
    sizes.push(records.length)
  }
  return { ids, sizes, send }
}

onEachEngine(OUTBOX_MIGRATIONS, ({ open }) => {
  describe('the outbox', () => {
    test('delivers what is written, in order and in batches', async () => {
      const outbox = outboxOn(await open())
      const records = some(250)
      for (let from = 0; from < records.length; from += 50) await outbox.write(records.slice(from, from + 50))
      const { ids, sizes, send } = arrivals()
      outbox.start(send)
      await until(() => ids.length >= 250)
      await outbox.close()
      assert.deepEqual(ids, idsOf(records))
      assert.deepEqual(sizes, [100, 100, 50])
      assert.equal(await outbox.oldestPendingSeconds(), 0)
    })

    test('delivers soon what is written while it runs', async () => {
      const outbox = outboxOn(await open())
      const { ids, send } = arrivals()
      outbox.start(send)
      const records = some(3)
      for (const record of records) {
        await outbox.write([record])
        await until(() => ids.includes(record.id))
      }
      await outbox.close()
      assert.deepEqual(ids, idsOf(records))
    })

    test('keeps what an earlier process left, and brings it first', async () => {
      const db = await open()
      const [left, later] = [aRecord(), aRecord()]
      await outboxOn(db).write([left])
      const outbox = outboxOn(db)
      await outbox.write([later])
      const { ids, send } = arrivals()
      outbox.start(send)
      await until(() => ids.length === 2)
      await outbox.close()
      assert.deepEqual(ids, idsOf([left, later]))
    })

    test('tries again until the repository is back, and tells how long the oldest has waited', async () => {
      let away = 2
      const at = new Date('2026-11-20T08:00:00.000Z')
      const outbox = outboxOn(await open(), () => new Date(at.getTime() + 12_000))
      await outbox.write([aRecord({ at })])
      assert.equal(await outbox.oldestPendingSeconds(), 12)
      const { ids, send } = arrivals(() => {
        if ((away -= 1) >= 0) throw new Error('away')
      })
      outbox.start(send)
      await until(() => ids.length === 1)
      await until(async () => (await outbox.oldestPendingSeconds()) === 0)
      await outbox.close()
    })

    test('keeps the records of one trust moving while the repository of another is away', async () => {
      const outbox = outboxOn(await open())
      const { ids, send } = arrivals((tenant) => {
        if (tenant === OUS) throw new Error('away')
      })
      outbox.start(send)
      await outbox.write([...some(2, OUS), ...some(2, AHUS)])
      await until(() => ids.length === 2)
      await outbox.close()
      assert.ok((await outbox.oldestPendingSeconds()) > 0)
    })

    test('sets the one record aside that the repository will not take, and delivers its neighbours in order', async () => {
      const outbox = outboxOn(await open())
      const records = some(9)
      const [, , , bad] = records
      const { ids, send } = arrivals((_tenant, sent) => {
        if (sent.includes(bad?.id ?? '')) throw new RecordsRefused('id_taken')
      })
      await outbox.write(records)
      outbox.start(send)
      await until(() => ids.length === 8)
      await until(async () => (await outbox.setAside()) === 1)
      await outbox.close()
      assert.deepEqual(ids, idsOf(records.filter((record) => record !== bad)))
      assert.equal(await outbox.oldestPendingSeconds(), 0)
    })

    test('takes no record that a repository would refuse to read, so that nothing leaves on the strength of it', async () => {
      const db = await open()
      const outbox = outboxOn(db)
      await assert.rejects(outbox.write([aRecord({ patient: '19854349034' })]))
      await assert.rejects(outbox.write([aRecord({ detail: { note: 'line\nbreak' } })]))
      assert.equal(await outbox.oldestPendingSeconds(), 0)
    })

    test('lets a record go down with the transaction it tells of', async () => {
      const db = await open()
      const outbox = outboxOn(db)
      await assert.rejects(
        db.transaction(async (inside) => {
          await outbox.write([aRecord()], inside)
          throw new Error('second thoughts')
        }),
      )
      await db.transaction((inside) => outbox.write([aRecord({ id: '019aa000-0000-7000-8000-000000000001' })], inside))
      const { ids, send } = arrivals()
      outbox.start(send)
      await until(() => ids.length === 1)
      await outbox.close()
      assert.deepEqual(ids, ['019aa000-0000-7000-8000-000000000001'])
    })

    test('of two nodes on one database delivers each record, and a batch is delivered by one of them', async () => {
      const db = await open()
      const { ids, send } = arrivals()
      // SQLite has one process; there the turn of two nodes does not exist.
      const nodes = db.engine === 'sqlite' ? [outboxOn(db)] : [outboxOn(db), outboxOn(db)]
      const records = some(150)
      await nodes[0]?.write(records)
      for (const node of nodes) node.start(send)
      await until(async () => (await nodes[0]?.oldestPendingSeconds()) === 0)
      await Promise.all(nodes.map((node) => node.close()))
      assert.deepEqual(ids, idsOf(records))
    })
  })
})
