import type { Database } from '@uthopp/storage/database'
import { type Sql, sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Client } from '#src/clients/client.ts'
import { recordRevocations } from '#src/revocations/sql-revocations.ts'
import type { ClientStore } from './clients.ts'

const MOST_READ = 1000

/** Reads a record once as long as it stays the same; every request looks at its client's several times. */
function createReading(): (clientId: string, record: string) => Client {
  const read = new Map<string, { readonly record: string; readonly client: Client }>()
  return (clientId, record) => {
    const known = read.get(clientId)
    if (known?.record === record) return known.client
    const client = JSON.parse(record) as Client // written below from exactly this type
    if (read.size >= MOST_READ) read.clear()
    read.set(clientId, { record, client })
    return client
  }
}

export function createClientStore(db: Database, tenant: Tenant): ClientStore {
  const readAgain = createReading()
  return {
    async find(clientId) {
      const row = await db.first<{ record: string }>(
        sql`select record from client where tenant = ${tenant} and client_id = ${clientId}`,
      )
      return row && readAgain(clientId, row.record)
    },
    async all() {
      const rows = await db.all<{ record: string }>(
        sql`select record from client where tenant = ${tenant} order by client_id`,
      )
      return rows.map((row) => JSON.parse(row.record) as Client) // written below from exactly this type
    },
    async remove(clientId, now, inside) {
      await db.transaction(async (tx) => {
        await tx.run(sql`delete from client where tenant = ${tenant} and client_id = ${clientId}`)
        await inside?.(tx)
        await endClient(tx, tenant, clientId, now)
      })
    },
    async put(client) {
      await db.run(sql`insert into client (tenant, client_id, record)
        values (${tenant}, ${client.clientId}, ${JSON.stringify(client)})
        on conflict (tenant, client_id) do update set record = excluded.record`)
    },
  }
}

/**
 * Everything that was given to a client dies: grants, tokens, open launches and what people allowed it.
 * The stream of revocations tells, so that its access tokens open nothing at the gateway either.
 */
export async function endClient(tx: Database, tenant: Tenant, clientId: string, now: Date): Promise<void> {
  for (const table of [sql`launch`, sql`standalone_launch`]) {
    await tx.run(sql`delete from oidc where tenant = ${tenant} and grant_id in
      (select grant_id from ${table} where tenant = ${tenant} and client_id = ${clientId} and grant_id is not null)`)
  }
  await tx.run(sql`update launch set ended_at = ${now.getTime()}, sealed_handle = null
    where tenant = ${tenant} and client_id = ${clientId} and ended_at is null`)
  await tx.run(sql`delete from consent where tenant = ${tenant} and client_id = ${clientId}`)
  await recordRevocations(tx, tenant, [{ kind: 'client', id: clientId }], now)
}

/** Removes a client that is, at that moment, as the condition says; false when it is not. */
export const removeClientIf = (
  db: Database,
  tenant: Tenant,
  clientId: string,
  condition: Sql,
  now: Date,
): Promise<boolean> =>
  db.transaction(async (tx) => {
    const gone = await tx.run(
      sql`delete from client where tenant = ${tenant} and client_id = ${clientId} and (${condition})`,
    )
    if (gone > 0) await endClient(tx, tenant, clientId, now)
    return gone > 0
  })
