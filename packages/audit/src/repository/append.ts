import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { AuditRecord } from '#src/record.ts'
import { textOf } from '#src/wire.ts'
import { GENESIS, linkHash } from './chain.ts'

export type Appended =
  | { readonly kind: 'appended'; readonly stored: number; readonly known: number }
  /** Another record has one of these ids already. Nothing was stored. */
  | { readonly kind: 'conflict'; readonly ids: readonly string[] }

export type Head = {
  readonly sequence: number
  readonly hash: string
  /** The last record that was removed when its time was over; the chain begins behind it. */
  readonly anchor_sequence: number
  readonly anchor_hash: string
}

/** Locks the end of the chain until the transaction ends, which makes appenders of several processes stand in one line. */
export async function holdHead(inside: Database, tenant: Tenant): Promise<Head> {
  const head =
    await inside.first<Head>(sql`insert into audit_head (tenant, sequence, hash, anchor_sequence, anchor_hash)
    values (${tenant}, 0, ${GENESIS}, 0, ${GENESIS})
    on conflict (tenant) do update set sequence = audit_head.sequence
    returning sequence, hash, anchor_sequence, anchor_hash`)
  if (head === undefined) throw new Error('the audit log has no head')
  return head
}

/**
 * Adds records to the end of the trust's chain, all of them or none; one that is there already is left as it is.
 *
 * INVARIANT: every record of a trust has the sequence after the one before it and a hash that covers all of them.
 */
export async function appendRecords(db: Database, tenant: Tenant, records: readonly AuditRecord[]): Promise<Appended> {
  if (records.some((record) => record.tenant !== tenant)) throw new Error('a record of another trust')
  const contents = new Map(records.map((record) => [record, textOf(record)] as const))
  return db.transaction(async (inside): Promise<Appended> => {
    const head = await holdHead(inside, tenant)
    const known = await readKnown(inside, tenant, records)
    const conflicts = new Set<string>()
    const fresh: AuditRecord[] = []
    for (const record of records) {
      const content = contents.get(record) ?? ''
      const before = known.get(record.id)
      if (before === undefined) {
        known.set(record.id, content)
        fresh.push(record)
      } else if (before !== content) conflicts.add(record.id)
    }
    if (conflicts.size > 0) return { kind: 'conflict', ids: [...conflicts] }
    if (fresh.length === 0) return { kind: 'appended', stored: 0, known: records.length }
    let { sequence, hash } = head
    const rows = fresh.map((record) => {
      const content = contents.get(record) ?? ''
      sequence += 1
      hash = linkHash(tenant, sequence, hash, content)
      const { id, at, activity, actor, patient, correlationId, launchId } = record
      return sql`(${tenant}, ${sequence}, ${id}, ${at.getTime()}, ${activity}, ${actor.id}, ${patient}, ${correlationId}, ${launchId}, ${content}, ${hash})`
    })
    for (let from = 0; from < rows.length; from += ROWS)
      await inside.run(sql`insert into audit_record
        (tenant, sequence, id, at, activity, actor, patient, correlation_id, launch_id, content, hash)
        values ${sql.join(rows.slice(from, from + ROWS), ', ')}`)
    await inside.run(sql`update audit_head set sequence = ${sequence}, hash = ${hash} where tenant = ${tenant}`)
    return { kind: 'appended', stored: fresh.length, known: records.length - fresh.length }
  })
}

const ROWS = 100

async function readKnown(
  inside: Database,
  tenant: Tenant,
  records: readonly AuditRecord[],
): Promise<Map<string, string>> {
  const ids = records.map(({ id }) => id)
  const rows = await inside.all<{ id: string; content: string }>(
    sql`select id, content from audit_record where tenant = ${tenant} and id in (${sql.list(ids)})`,
  )
  return new Map(rows.map(({ id, content }) => [id, content]))
}
