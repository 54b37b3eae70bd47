import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Client } from '#src/clients/client.ts'
import { recordRevocations } from '#src/revocations/sql-revocations.ts'
import type { ClientStore } from './clients.ts'

export function createClientStore(db: Database, tenant: Tenant): ClientStore {
  const insertion = (client: Client) =>
    sql`insert into client (tenant, client_id, record) values (${tenant}, ${client.clientId}, ${JSON.stringify(client)})`
  return {
    async find(clientId) {
      const row = await db.first<{ record: string }>(
        sql`select record from client where tenant = ${tenant} and client_id = ${clientId}`,
      )
      return row && (JSON.parse(row.record) as Client) // written below from exactly this type
    },
    async all() {
      const rows = await db.all<{ record: string }>(
        sql`select record from client where tenant = ${tenant} order by client_id`,
      )
      return rows.map((row) => JSON.parse(row.record) as Client) // written below from exactly this type
    },
    async create(client) {
      return (await db.run(sql`${insertion(client)} on conflict (tenant, client_id) do nothing`)) === 1
    },
    async remove(clientId, now) {
      await db.transaction(async (tx) => {
        await tx.run(sql`delete from client where tenant = ${tenant} and client_id = ${clientId}`)
        await recordRevocations(tx, tenant, [{ kind: 'client', id: clientId }], now)
      })
    },
    async put(client) {
      await db.run(sql`${insertion(client)} on conflict (tenant, client_id) do update set record = excluded.record`)
    },
  }
}
