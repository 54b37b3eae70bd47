import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Database } from '@uthopp/storage/database'
import { migrate } from '@uthopp/storage/migrate'
import { openPlace } from '@uthopp/storage/open'
import { sql } from '@uthopp/storage/sql'
import { tenantOf } from '@uthopp/storage/tenant'
import { GENESIS, linkHash } from '#src/repository/chain.ts'
import type { HeadLine } from '#src/repository/head-line.ts'
import { REPOSITORY_MIGRATIONS } from '#src/repository/migrations.ts'
import { type Pruning, pruningRecord } from '#src/repository/pruning.ts'
import { createRepository } from '#src/repository/repository.ts'
import { verifyChain } from '#src/repository/verify.ts'
import { aRecord, OUS } from '#test/records.ts'

const tenant = tenantOf(OUS)

/** What a file of heads says of the log when its last record, or the one named, was the newest. */
async function witnessesOf(db: Database, sequence = Number.MAX_SAFE_INTEGER): Promise<readonly HeadLine[]> {
  const rows = await db.all<Pick<HeadLine, 'sequence' | 'hash' | 'anchorSequence' | 'anchorHash'> & { at: number }>(
    sql`select record.sequence, record.hash, record.at, head.anchor_sequence as "anchorSequence",
      head.anchor_hash as "anchorHash" from audit_record as record join audit_head as head on head.tenant = record.tenant
      where record.tenant = ${tenant} and record.sequence <= ${sequence} order by record.sequence desc limit 1`,
  )
  const at = new Date('2026-11-20T08:01:00.000Z')
  return rows.map((row) => ({
    ...row,
    file: 'f',
    line: 1,
    previous: GENESIS,
    tenant,
    recordedAt: new Date(row.at),
    at,
  }))
}

/** A log of six records, in the hands of somebody who owns the database and takes its guards away. */
async function ownedLog(): Promise<Database> {
  const db = await openPlace({ kind: 'memory' })
  await migrate(db, REPOSITORY_MIGRATIONS)
  await createRepository(db, tenant).append(
    Array.from({ length: 6 }, (_, index) => aRecord({ patient: `pat-${index + 1}` })),
  )
  for (const trigger of ['audit_record_unchanged', 'audit_record_kept'] as const)
    await db.acrossTenants.run(sql`drop trigger ${sql.raw(trigger)}`)
  return db
}

describe('the verifier of a chain', () => {
  test('finds nothing wrong with a chain nobody touched, and names its head', async () => {
    const db = await ownedLog()
    const { rows, from, head, fault } = await verifyChain(db, tenant)
    assert.deepEqual({ rows, from, fault }, { rows: 6, from: 0, fault: undefined })
    assert.match(head, /^[0-9a-f]{64}$/)
  })

  const attacks: readonly (readonly [string, (db: Database) => Promise<unknown>, number, string])[] = [
    [
      'a changed record',
      (db) =>
        db.run(sql`update audit_record set content = replace(content, 'prac-fjell', 'prac-other')
          where tenant = ${tenant} and sequence = 3`),
      3,
      'record-changed',
    ],
    [
      'a record hidden from the searches of its patient',
      (db) => db.run(sql`update audit_record set patient = null where tenant = ${tenant} and sequence = 4`),
      4,
      'columns-changed',
    ],
    [
      'a removed record',
      (db) => db.run(sql`delete from audit_record where tenant = ${tenant} and sequence = 2`),
      2,
      'record-missing',
    ],
    [
      'a removed record whose place another took',
      async (db) => {
        await db.run(sql`delete from audit_record where tenant = ${tenant} and sequence = 2`)
        await db.run(sql`update audit_record set sequence = sequence - 1 where tenant = ${tenant} and sequence > 2`)
        await db.run(sql`update audit_head set sequence = 5 where tenant = ${tenant}`)
      },
      2,
      'record-changed',
    ],
    [
      'two records that changed places',
      async (db) => {
        await db.run(sql`update audit_record set sequence = 100 where tenant = ${tenant} and sequence = 3`)
        await db.run(sql`update audit_record set sequence = 3 where tenant = ${tenant} and sequence = 4`)
        await db.run(sql`update audit_record set sequence = 4 where tenant = ${tenant} and sequence = 100`)
      },
      3,
      'record-changed',
    ],
    [
      'a tail that was cut off',
      (db) => db.run(sql`delete from audit_record where tenant = ${tenant} and sequence > 4`),
      5,
      'tail-missing',
    ],
    [
      'a first record that was removed',
      (db) => db.run(sql`delete from audit_record where tenant = ${tenant} and sequence = 1`),
      1,
      'record-missing',
    ],
    [
      'a record put in behind the head',
      (db) =>
        db.run(sql`insert into audit_record (tenant, sequence, id, at, activity, actor, correlation_id, content, hash)
          values (${tenant}, 7, ${'x'}, 0, ${'login'}, ${'a'}, ${'c'}, ${'{}'}, ${'0'})`),
      7,
      'record-changed',
    ],
    ['a head that is gone', (db) => db.run(sql`delete from audit_head where tenant = ${tenant}`), 6, 'head-missing'],
    [
      'a log that was emptied',
      (db) => db.run(sql`delete from audit_record where tenant = ${tenant}`),
      1,
      'tail-missing',
    ],
  ]
  for (const [what, attack, sequence, fault] of attacks)
    test(`finds ${what}`, async () => {
      const db = await ownedLog()
      await attack(db)
      assert.deepEqual((await verifyChain(db, tenant)).fault, { sequence, fault })
    })

  test('finds a log that is gone whole, when it is known that there was one', async () => {
    const db = await ownedLog()
    await db.run(sql`delete from audit_record where tenant = ${tenant}`)
    await db.run(sql`delete from audit_head where tenant = ${tenant}`)
    assert.deepEqual((await verifyChain(db, tenant, { expected: true })).fault, { sequence: 1, fault: 'head-missing' })
  })

  test('finds a chain made anew, head and all, by a head that was written down elsewhere', async () => {
    const db = await ownedLog()
    const witnesses = await witnessesOf(db)
    assert.equal((await verifyChain(db, tenant, { witnesses })).fault, undefined)

    const row = await db.first<{ content: string; before: string }>(sql`select content,
      (select hash from audit_record where tenant = ${tenant} and sequence = 5) as before
      from audit_record where tenant = ${tenant} and sequence = 6`)
    const content = (row?.content ?? '').replace('prac-fjell', 'prac-other')
    const hash = linkHash(tenant, 6, row?.before ?? '', content)
    await db.run(sql`update audit_record set content = ${content}, actor = ${'prac-other'}, hash = ${hash}
      where tenant = ${tenant} and sequence = 6`)
    await db.run(sql`update audit_head set hash = ${hash} where tenant = ${tenant}`)
    assert.equal((await verifyChain(db, tenant)).fault, undefined, 'the chain alone cannot tell')
    assert.deepEqual((await verifyChain(db, tenant, { witnesses })).fault, { sequence: 6, fault: 'witness-disagrees' })

    await db.run(sql`delete from audit_record where tenant = ${tenant} and sequence = 6`)
    await db.run(sql`update audit_head set sequence = 5, hash = ${row?.before ?? ''} where tenant = ${tenant}`)
    assert.deepEqual((await verifyChain(db, tenant, { witnesses })).fault, { sequence: 6, fault: 'tail-missing' })
  })

  test('finds all but the first record removed and the head set back, by a head that was written down', async () => {
    const db = await ownedLog()
    const witnesses = await witnessesOf(db)
    await db.run(sql`delete from audit_record where tenant = ${tenant} and sequence > 1`)
    await db.run(sql`update audit_head set sequence = 1,
      hash = (select hash from audit_record where tenant = ${tenant} and sequence = 1) where tenant = ${tenant}`)
    assert.equal((await verifyChain(db, tenant)).fault, undefined, 'the chain alone cannot tell')
    assert.deepEqual((await verifyChain(db, tenant, { witnesses })).fault, { sequence: 2, fault: 'tail-missing' })
  })

  test('takes no chain of whose heads none was written down, once there are such', async () => {
    const db = await ownedLog()
    assert.equal((await verifyChain(db, tenant, { witnesses: [] })).fault?.fault, 'not-witnessed')
  })
})

describe('the verifier of where a chain begins', () => {
  const now = new Date('2026-11-20T09:00:00.000Z')
  const retention = { years: 10, now }
  const fault = async (db: Database, witnesses?: readonly HeadLine[]) =>
    (await verifyChain(db, tenant, { witnesses, retention })).fault
  /** Cuts off the beginning and sets the anchor where the chain now begins. */
  async function cut(db: Database, through: number): Promise<string> {
    const row = await db.first<{ hash: string }>(
      sql`select hash from audit_record where tenant = ${tenant} and sequence = ${through}`,
    )
    const hash = row?.hash ?? ''
    await db.run(sql`delete from audit_record where tenant = ${tenant} and sequence <= ${through}`)
    await db.run(
      sql`update audit_head set anchor_sequence = ${through}, anchor_hash = ${hash} where tenant = ${tenant}`,
    )
    return hash
  }
  const tell = (db: Database, pruning: Partial<Pruning> & Pick<Pruning, 'hash'>) =>
    createRepository(db, tenant).append([
      pruningRecord(tenant, 'c-pruning', { at: now, years: 10, count: 5, through: 5, ...pruning }),
    ])

  test('finds a beginning moved to the last record, for no record of pruning tells of it', async () => {
    const db = await ownedLog()
    await cut(db, 5)
    assert.deepEqual(await fault(db), { sequence: 5, fault: 'anchor-unproven' })
  })

  test('finds a record of pruning that another process wrote, or that tells of another place', async () => {
    const db = await ownedLog()
    const hash = await cut(db, 5)
    const forged = pruningRecord(tenant, 'c', { at: now, years: 10, count: 5, through: 5, hash })
    await createRepository(db, tenant).append([{ ...forged, source: 'gateway' }])
    assert.equal((await fault(db))?.fault, 'anchor-unproven')
    await tell(db, { hash, through: 4 })
    assert.equal((await fault(db))?.fault, 'anchor-unproven')
    await tell(db, { hash })
    assert.equal(await fault(db), undefined)
  })

  test('finds a beginning that was moved back', async () => {
    const db = await ownedLog()
    const hash = await cut(db, 5)
    await tell(db, { hash })
    const witnesses = await witnessesOf(db)
    await db.run(sql`update audit_head set anchor_sequence = 4 where tenant = ${tenant}`)
    assert.notEqual(await fault(db, witnesses), undefined)
  })

  test('finds fewer years than are set, and a pruning that has yet to come', async () => {
    for (const told of [{ years: 9 }, { at: new Date('2037-01-01T00:00:00.000Z') }]) {
      const db = await ownedLog()
      const hash = await cut(db, 5)
      await tell(db, { hash, ...told })
      assert.deepEqual(await fault(db), { sequence: 5, fault: 'pruned-too-early' })
    }
  })

  test('finds records removed before their time, by the time in a head that was written down', async () => {
    const db = await ownedLog()
    const before = await witnessesOf(db, 3)
    const hash = await cut(db, 5)
    await tell(db, { hash })
    assert.equal(await fault(db), undefined, 'the chain alone cannot tell')
    assert.deepEqual(await fault(db, before), { sequence: 5, fault: 'pruned-too-early' })
  })

  test('finds records removed before their time that came after a head that was written down', async () => {
    const db = await ownedLog()
    const [head] = await witnessesOf(db)
    assert.ok(head)
    const hash = await cut(db, 5)
    await tell(db, { hash })
    const empty = { ...head, sequence: 0, hash: GENESIS, recordedAt: null, anchorSequence: 0, anchorHash: GENESIS }
    assert.deepEqual(await fault(db, [empty]), { sequence: 5, fault: 'pruned-too-early' })
    const longAgo = new Date('2016-11-20T08:00:00.000Z')
    assert.equal(await fault(db, [{ ...empty, at: longAgo }]), undefined)
  })

  test('holds an older head against the beginning', async () => {
    const db = await ownedLog()
    const witnesses = await witnessesOf(db, 5)
    await cut(db, 5)
    const hash = 'f'.repeat(64)
    await db.run(sql`update audit_head set anchor_hash = ${hash} where tenant = ${tenant}`)
    const row = await db.first<{ content: string }>(sql`select content from audit_record where tenant = ${tenant}`)
    const made = linkHash(tenant, 6, hash, row?.content ?? '')
    await db.run(sql`update audit_record set hash = ${made} where tenant = ${tenant}`)
    await db.run(sql`update audit_head set hash = ${made} where tenant = ${tenant}`)
    await tell(db, { hash })
    assert.equal(await fault(db), undefined, 'the chain alone cannot tell')
    assert.deepEqual(await fault(db, witnesses), { sequence: 5, fault: 'witness-disagrees' })
  })
})
