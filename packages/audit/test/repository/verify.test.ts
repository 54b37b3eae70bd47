import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Database } from '@uthopp/storage/database'
import { migrate } from '@uthopp/storage/migrate'
import { openPlace } from '@uthopp/storage/open'
import { sql } from '@uthopp/storage/sql'
import { tenantOf } from '@uthopp/storage/tenant'
import { linkHash } from '#src/repository/chain.ts'
import { REPOSITORY_MIGRATIONS } from '#src/repository/migrations.ts'
import { createRepository } from '#src/repository/repository.ts'
import { verifyChain } from '#src/repository/verify.ts'
import { readWitnesses, writeWitnesses } from '#src/repository/witnesses.ts'
import { aRecord, OUS } from '#test/records.ts'

const tenant = tenantOf(OUS)
const folder = mkdtempSync(join(tmpdir(), 'uthopp-audit-'))
after(() => rmSync(folder, { recursive: true, force: true }))

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

  test('finds a chain made anew, head and all, by a head that was written down elsewhere', async () => {
    const db = await ownedLog()
    const file = join(folder, 'heads.jsonl')
    await writeWitnesses(db, file, new Date())
    await writeWitnesses(db, file, new Date())
    const witnesses = await readWitnesses(file)
    assert.equal(witnesses.length, 1, 'a head is written down once')
    assert.equal((await verifyChain(db, tenant, witnesses)).fault, undefined)

    const row = await db.first<{ content: string; before: string }>(sql`select content,
      (select hash from audit_record where tenant = ${tenant} and sequence = 5) as before
      from audit_record where tenant = ${tenant} and sequence = 6`)
    const content = (row?.content ?? '').replace('prac-fjell', 'prac-other')
    const hash = linkHash(tenant, 6, row?.before ?? '', content)
    await db.run(sql`update audit_record set content = ${content}, actor = ${'prac-other'}, hash = ${hash}
      where tenant = ${tenant} and sequence = 6`)
    await db.run(sql`update audit_head set hash = ${hash} where tenant = ${tenant}`)
    assert.equal((await verifyChain(db, tenant)).fault, undefined, 'the chain alone cannot tell')
    assert.deepEqual((await verifyChain(db, tenant, witnesses)).fault, { sequence: 6, fault: 'witness-disagrees' })

    await db.run(sql`delete from audit_record where tenant = ${tenant} and sequence = 6`)
    await db.run(sql`update audit_head set sequence = 5, hash = ${row?.before ?? ''} where tenant = ${tenant}`)
    assert.deepEqual((await verifyChain(db, tenant, witnesses)).fault, { sequence: 6, fault: 'tail-missing' })
  })
})
