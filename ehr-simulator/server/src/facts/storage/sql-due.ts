import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Changed } from '../changes.ts'
import { recordChanges } from './sql-changes.ts'

/** Remembers, in the transaction that writes a fact, when it will change by itself. Too many moments do no harm. */
export async function recordDue(
  inside: Database,
  tenant: Tenant,
  changed: Changed,
  moments: readonly Date[],
): Promise<void> {
  if (moments.length === 0) return
  const rows = moments.map((at) => sql`(${tenant}, ${changed.kind}, ${changed.id}, ${at.getTime()})`)
  await inside.run(sql`insert into fact_due (tenant, kind, id, due_at)
    values ${sql.join(rows, ', ')} on conflict do nothing`)
}

/** So many at a time: databases bound what one statement may name, and nobody else writes meanwhile. */
const PORTION = 500

/** Writes down as changed whatever time alone has changed since it was last looked at. Several processes may look at once. */
export async function noticeDue(db: Database, tenant: Tenant, now: Date): Promise<readonly Changed[]> {
  const noticed: Changed[] = []
  for (;;) {
    const portion = await noticePortion(db, tenant, now)
    noticed.push(...portion)
    // After a long stop there may be very many; each portion stands by itself.
    if (portion.length < PORTION) return noticed
  }
}

async function noticePortion(db: Database, tenant: Tenant, now: Date): Promise<readonly Changed[]> {
  const overdue = sql`tenant = ${tenant} and due_at <= ${now.getTime()}`
  // Nearly always there is nothing, and a transaction would make every other writer wait.
  if ((await db.first(sql`select id from fact_due where ${overdue} limit 1`)) === undefined) return []
  return db.transaction(async (inside) => {
    const due = await inside.all<Changed>(sql`delete from fact_due where (tenant, kind, id, due_at) in (
      select tenant, kind, id, due_at from fact_due where ${overdue} order by due_at limit ${PORTION}
    ) returning kind, id`)
    await recordChanges(inside, tenant, due)
    return due
  })
}
