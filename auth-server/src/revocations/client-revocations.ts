import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Inside } from '#src/storage/clients.ts'
import { recordRevocations } from './sql-revocations.ts'

/** Ends tokens nobody granted: they have no grant to die with, so everything the client was given before dies together. */
export function createClientRevocations(db: Database, tenant: Tenant) {
  return {
    async revoke(clientId: string, now: Date, inside?: Inside): Promise<void> {
      await db.transaction(async (tx) => {
        await inside?.(tx)
        await recordRevocations(tx, tenant, [{ kind: 'client', id: clientId }], now)
      })
    },
    /** Kept for longer than any access token lives. */
    async revokedAt(clientId: string): Promise<Date | undefined> {
      const row = await db.first<{ at: number }>(
        sql`select at from revocation where tenant = ${tenant} and kind = ${'client'} and id = ${clientId}`,
      )
      return row && new Date(row.at)
    },
  }
}

export type ClientRevocations = ReturnType<typeof createClientRevocations>
