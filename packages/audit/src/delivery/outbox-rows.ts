import { isProblem } from '@uthopp/smart-core/problem'
import type { Database } from '@uthopp/storage/database'
import { type Sql, sql } from '@uthopp/storage/sql'
import { type Tenant, tenantOf } from '@uthopp/storage/tenant'
import type { AuditRecord } from '#src/record.ts'
import { formatRecord, parseRecord, parseText, textOf } from '#src/wire.ts'

/** Keeps a statement well inside what either engine takes, and a batch inside what a repository takes at once. */
export const BATCH = 100

export type Pending = { readonly position: number; readonly record: AuditRecord }

/** One statement for up to a hundred records, so that it shares a commit with whatever else is written at this moment. */
export async function insertRecords(db: Database, records: readonly AuditRecord[]): Promise<void> {
  const batches = Array.from({ length: Math.ceil(records.length / BATCH) }, (_, index) =>
    records.slice(index * BATCH, (index + 1) * BATCH),
  )
  const statements = batches.map(insertOf)
  // There every statement goes its own way to the server, and the one that was asked for first may come last.
  if (db.engine === 'postgres') for (const statement of statements) await db.run(statement)
  else await Promise.all(statements.map((statement) => db.run(statement)))
}

function insertOf(batch: readonly AuditRecord[]): Sql<'tenant'> {
  const rows = batch.map((record) => {
    // What no repository would take must fail here, where the caller can still refuse to let the data go.
    const read = parseRecord(formatRecord(record))
    if (isProblem(read)) throw new Error(`an audit record cannot be written: ${read.reason}`)
    return sql`(${tenantOf(record.tenant)}, ${record.at.getTime()}, ${textOf(record)})`
  })
  return sql`insert into audit_outbox (tenant, at, record) values ${sql.join(rows, ', ')}`
}

/** The trusts that have something waiting. */
export async function tenantsWaiting(db: Database): Promise<readonly Tenant[]> {
  const rows = await db.acrossTenants.all<{ tenant: string }>(
    sql`select distinct tenant from audit_outbox where refused is null`,
  )
  return rows.map(({ tenant }) => tenantOf(tenant))
}

export async function readOldest(db: Database, tenant: Tenant): Promise<readonly Pending[]> {
  const rows = await db.all<{ position: number; record: string }>(sql`select position, record from audit_outbox
    where tenant = ${tenant} and refused is null order by position limit ${BATCH}`)
  return rows.map(({ position, record }) => {
    const read = parseText(record)
    if (isProblem(read)) throw new Error(`a waiting audit record cannot be read: ${read.reason}`)
    return { position, record: read }
  })
}

export async function removeDelivered(db: Database, tenant: Tenant, delivered: readonly Pending[]): Promise<void> {
  const positions = delivered.map(({ position }) => position)
  await db.run(sql`delete from audit_outbox where tenant = ${tenant} and position in (${sql.list(positions)})`)
}

/** What the repository will never take stays here, out of the way of the others, for somebody to look at. */
export async function setAside(db: Database, tenant: Tenant, { position }: Pending, code: string): Promise<void> {
  await db.run(sql`update audit_outbox set refused = ${code} where tenant = ${tenant} and position = ${position}`)
}

export async function oldestPending(db: Database): Promise<Date | undefined> {
  const row = await db.acrossTenants.first<{ at: number }>(
    sql`select at from audit_outbox where refused is null order by position limit 1`,
  )
  return row && new Date(row.at)
}

export async function countSetAside(db: Database): Promise<number> {
  const row = await db.acrossTenants.first<{ count: number }>(
    sql`select count(*) as count from audit_outbox where refused is not null`,
  )
  return row?.count ?? 0
}
