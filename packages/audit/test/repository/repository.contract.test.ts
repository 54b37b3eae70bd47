import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Database } from '@uthopp/storage/database'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { raceAcrossProcesses } from '@uthopp/storage/race'
import { sql } from '@uthopp/storage/sql'
import { tenantOf } from '@uthopp/storage/tenant'
import type { AuditRecord } from '#src/record.ts'
import { REPOSITORY_MIGRATIONS } from '#src/repository/migrations.ts'
import { createRepository } from '#src/repository/repository.ts'
import { pruneRecords } from '#src/repository/retention.ts'
import type { AuditSearch } from '#src/repository/search.ts'
import { verifyChain } from '#src/repository/verify.ts'
import { AHUS, aRecord, OUS } from '#test/records.ts'

const tenant = tenantOf(OUS)
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 20, 8, minute))
const some = (count: number, given: Partial<AuditRecord> = {}) =>
  Array.from({ length: count }, (_, index) => aRecord({ at: at(index), ...given }))
const ALL: AuditSearch = { newestFirst: false, count: 1000 }

onEachEngine(REPOSITORY_MIGRATIONS, ({ open, shared, newPlace }) => {
  describe('the audit repository', () => {
    test('finds what was appended, whole', async () => {
      const db = await open()
      const log = createRepository(db, tenant)
      const record = aRecord()
      assert.deepEqual(await log.append([record]), { kind: 'appended', stored: 1, known: 0 })
      assert.deepEqual(await log.find(record.id), { ...record, sequence: 1 })
      assert.equal(await createRepository(db, tenantOf(AHUS)).find(record.id), undefined)
    })

    test('keeps a record that comes twice once', async () => {
      const db = await open()
      const log = createRepository(db, tenant)
      const records = some(5)
      await log.append(records.slice(0, 3))
      assert.deepEqual(await log.append([...records, ...records.slice(4)]), { kind: 'appended', stored: 2, known: 4 })
      assert.equal((await log.search(ALL)).records.length, 5)
      assert.equal((await verifyChain(db, tenant)).rows, 5)
    })

    test('refuses another record under an id it holds, and keeps nothing of that batch', async () => {
      const db = await open()
      const log = createRepository(db, tenant)
      const first = aRecord()
      await log.append([first])
      const forged = { ...first, patient: 'pat-lien' }
      assert.deepEqual(await log.append([aRecord(), forged]), { kind: 'conflict', ids: [first.id] })
      assert.deepEqual((await log.search(ALL)).records, [{ ...first, sequence: 1 }])
    })

    test('takes no record of another trust', async () => {
      const log = createRepository(await open(), tenant)
      await assert.rejects(log.append([aRecord({ tenant: AHUS })]))
    })

    test('keeps one chain a trust when many append at the same moment', async () => {
      const db = await open()
      const log = createRepository(db, tenant)
      const other = createRepository(db, tenantOf(AHUS))
      await Promise.all(some(20).map((record) => log.append([record])))
      await Promise.all(some(7, { tenant: AHUS }).map((record) => other.append([record])))
      for (const [trust, rows] of [
        [tenant, 20],
        [tenantOf(AHUS), 7],
      ] as const) {
        const { fault, ...found } = await verifyChain(db, trust)
        assert.equal(fault, undefined)
        assert.equal(found.rows, rows)
      }
    })

    if (shared)
      test('keeps one chain when several processes append the same and different records', async () => {
        const place = newPlace()
        const db = await open(place)
        const script = new URL('./append-contender.ts', import.meta.url)
        await raceAcrossProcesses({ script, place, count: 5 })
        const { rows, fault } = await verifyChain(db, tenant)
        assert.deepEqual({ rows, fault }, { rows: 5 * 20 + 10, fault: undefined })
      })

    test('lets nobody change or remove a record', async () => {
      const db = await open()
      await createRepository(db, tenant).append(some(2))
      await assert.rejects(db.run(sql`update audit_record set patient = 'x' where tenant = ${tenant}`), /never changed/)
      await assert.rejects(db.run(sql`delete from audit_record where tenant = ${tenant} and sequence = 2`), /kept/)
      assert.equal((await verifyChain(db, tenant)).fault, undefined)
    })

    test('removes what is older than its time from the front only, and the chain goes on', async () => {
      const db = await open()
      const log = createRepository(db, tenant)
      const old = some(3, { at: new Date('2015-01-01T00:00:00.000Z') })
      const [late, stuck] = [aRecord(), aRecord({ at: new Date('2015-02-01T00:00:00.000Z') })]
      await log.append([...old, late, stuck])
      const kept = { years: 10, now: at(0), correlationId: 'c-pruning' }
      assert.equal(await pruneRecords(db, tenant, kept), 3)
      assert.equal(await pruneRecords(db, tenant, kept), 0)
      await log.append(some(2))
      const { rows, from, fault } = await verifyChain(db, tenant, { retention: kept })
      assert.deepEqual({ rows, from, fault }, { rows: 5, from: 3, fault: undefined })
      const [told] = (await log.search({ ...ALL, activities: ['log-pruned'] })).records
      assert.deepEqual([told?.sequence, told?.detail['count'], told?.detail['through']], [6, 3, 3])
    })

    test('removes nothing when what was removed cannot be told', async () => {
      const db = await open()
      const log = createRepository(db, tenant)
      await log.append(some(3, { at: new Date('2015-01-01T00:00:00.000Z') }))
      const told = new Date('2026-11-20T08:00:00.000Z')
      const refusing: Database = {
        ...db,
        transaction: (work) =>
          db.transaction((inside) =>
            work({
              ...inside,
              acrossTenants: inside.acrossTenants,
              transaction: () => Promise.reject(new Error('the disk is full')),
            }),
          ),
      }
      await assert.rejects(pruneRecords(refusing, tenant, { years: 10, now: told, correlationId: 'c' }), /disk is full/)
      const { rows, from, fault } = await verifyChain(db, tenant)
      assert.deepEqual({ rows, from, fault }, { rows: 3, from: 0, fault: undefined })
    })
  })

  describe('a search in the audit repository', () => {
    test('is by patient, person, activity, correlation id and time', async () => {
      const log = createRepository(await open(), tenant)
      const records = [
        aRecord({ at: at(1), patient: 'p1' }),
        aRecord({ at: at(2), patient: 'p2', activity: 'login' }),
        aRecord({ at: at(3), patient: 'p1', actor: { kind: 'citizen', id: 'other', role: null } }),
        aRecord({ at: at(4), patient: null, correlationId: 'c2', launchId: 'another' }),
      ]
      await log.append(records)
      const found = async (search: Partial<AuditSearch>) =>
        (await log.search({ ...ALL, ...search })).records.map(({ sequence }) => sequence)
      assert.deepEqual(await found({ patient: 'p1' }), [1, 3])
      assert.deepEqual(await found({ patient: 'p1', actor: 'other' }), [3])
      assert.deepEqual(await found({ activities: ['login', 'login-refused'] }), [2])
      assert.deepEqual(await found({ correlationId: 'c2' }), [4])
      assert.deepEqual(await found({ launchId: 'another' }), [4])
      assert.deepEqual(await found({ from: at(2), until: at(4) }), [2, 3])
      assert.deepEqual(await found({ newestFirst: true }), [4, 3, 2, 1])
    })

    test('goes through pages without a gap, also among records of one moment', async () => {
      const log = createRepository(await open(), tenant)
      await log.append(some(7, { at: at(0) }))
      for (const newestFirst of [true, false]) {
        const seen: number[] = []
        let page = await log.search({ newestFirst, count: 3 })
        for (;;) {
          seen.push(...page.records.map(({ sequence }) => sequence))
          if (page.next === undefined) break
          page = await log.search({ newestFirst, count: 3, after: page.next })
        }
        assert.deepEqual(seen, newestFirst ? [7, 6, 5, 4, 3, 2, 1] : [1, 2, 3, 4, 5, 6, 7])
      }
    })
  })
})
