import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { type Tenant, tenantOf } from '@uthopp/storage/tenant'
import type { Registrations } from './registrations.ts'
import { endClient, removeClientIf } from './sql-clients.ts'

const DAY_MS = 24 * 60 * 60_000
const NEVER_USED_MS = 30 * DAY_MS
const UNUSED_MS = 180 * DAY_MS

const isExpired = (now: Date) => sql`registered_at is not null and (
  (used_at is null and registered_at < ${now.getTime() - NEVER_USED_MS}) or used_at < ${now.getTime() - UNUSED_MS})`

export function createRegistrations(db: Database, tenant: Tenant): Registrations {
  return {
    async add(client, most, now) {
      const added = await db.run(sql`insert into client (tenant, client_id, record, registered_at)
        select ${tenant}, ${client.clientId}, ${JSON.stringify(client)}, ${now.getTime()}
        where (select count(*) from client where tenant = ${tenant} and registered_at is not null) < ${most}`)
      return added === 1
    },
    replace(client, now, inside) {
      return db.transaction(async (tx) => {
        const replaced = await tx.run(sql`update client set record = ${JSON.stringify(client)}
          where tenant = ${tenant} and client_id = ${client.clientId} and registered_at is not null`)
        if (replaced > 0) {
          await inside?.(tx)
          await endClient(tx, tenant, client.clientId, now)
        }
        return replaced > 0
      })
    },
    async markUsed(clientId, now) {
      await db.run(sql`update client set used_at = ${now.getTime()}
        where tenant = ${tenant} and client_id = ${clientId} and registered_at is not null`)
    },
    async removeOldestUnused(registeredBefore, now) {
      const unused = sql`used_at is null and registered_at < ${registeredBefore.getTime()}`
      const oldest = await db.first<{ client_id: string }>(sql`select client_id from client
        where tenant = ${tenant} and ${unused} order by registered_at limit 1`)
      // Another process may have taken it, or the app may have come to life meanwhile.
      const gone = oldest && (await removeClientIf(db, tenant, oldest.client_id, unused, now))
      return gone ? oldest.client_id : undefined
    },
  }
}

/** Removes apps nobody has used for long, in every tenant, some at a time. Their tokens die as those of any removed client. */
export async function removeExpired(db: Database, most: number, now: Date): Promise<number> {
  const expired = await db.acrossTenants.all<{ tenant: string; client_id: string }>(
    sql`select tenant, client_id from client where ${isExpired(now)} limit ${most}`,
  )
  for (const row of expired) await removeClientIf(db, tenantOf(row.tenant), row.client_id, isExpired(now), now)
  return expired.length
}
