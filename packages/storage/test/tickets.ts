import type { Database } from '#src/database.ts'
import type { Migration } from '#src/migrate.ts'
import { sql } from '#src/sql.ts'
import { type Tenant, tenantOf } from '#src/tenant.ts'

export const OUS = tenantOf('993467049')
export const AHUS = tenantOf('983971636')

/** The smallest table with everything that at most once needs. */
export const MIGRATIONS: readonly Migration[] = [
  {
    id: '001-tickets',
    up: [
      sql`create table ticket (
        tenant text not null, id text not null, spent_at bigint, holder text, sealed blob, primary key (tenant, id)
      )`,
    ],
  },
]

export async function offer(db: Database, tenant: Tenant, id: string): Promise<void> {
  await db.run(sql`insert into ticket (tenant, id) values (${tenant}, ${id})`)
}

/** True for exactly one caller. */
export async function redeem(db: Database, tenant: Tenant, id: string, holder: string): Promise<boolean> {
  const changed = await db.run(
    sql`update ticket set spent_at = 1, holder = ${holder} where tenant = ${tenant} and id = ${id} and spent_at is null`,
  )
  return changed === 1
}
