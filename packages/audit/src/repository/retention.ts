import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { appendRecords, holdHead } from './append.ts'
import { pruningRecord } from './pruning.ts'

/** No rule names a figure (norway.md §5.3), so the trust sets it; this is what it is until then. */
export const RETENTION_YEARS = 10

const MOST_AT_ONCE = 5000

export function retentionEnd(now: Date, years: number): Date {
  const end = new Date(now)
  end.setUTCFullYear(end.getUTCFullYear() - years)
  return end
}

/**
 * Removes the oldest records of a trust whose time is over, and keeps the hash they ended with as the new beginning.
 *
 * Only from the front: a record that is still to be kept keeps everything behind it. Answers how many were removed.
 *
 * INVARIANT: the record that tells of it joins the chain in the same transaction, so no beginning is ever without one.
 */
export async function pruneRecords(
  db: Database,
  tenant: Tenant,
  kept: { readonly years: number; readonly now: Date; readonly correlationId: string },
): Promise<number> {
  const { years, now, correlationId } = kept
  return db.transaction(async (inside) => {
    const head = await holdHead(inside, tenant)
    const first = await inside.first<{ sequence: number }>(sql`select sequence from audit_record
      where tenant = ${tenant} and at >= ${retentionEnd(now, years).getTime()} order by sequence limit 1`)
    const last = Math.min((first?.sequence ?? head.sequence + 1) - 1, head.anchor_sequence + MOST_AT_ONCE)
    if (last <= head.anchor_sequence) return 0
    const end = await inside.first<{ hash: string }>(
      sql`select hash from audit_record where tenant = ${tenant} and sequence = ${last}`,
    )
    if (end === undefined) throw new Error('a record at the end of what is to be pruned is missing')
    await inside.run(sql`update audit_head set anchor_sequence = ${last}, anchor_hash = ${end.hash}
      where tenant = ${tenant}`)
    const count = await inside.run(sql`delete from audit_record where tenant = ${tenant} and sequence <= ${last}`)
    const pruning = { at: now, years, count, through: last, hash: end.hash }
    await appendRecords(inside, tenant, [pruningRecord(tenant, correlationId, pruning)])
    return count
  })
}
