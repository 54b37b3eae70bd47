import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Revoked } from '#src/revocations/revocations.ts'
import { recordRevocations } from '#src/revocations/sql-revocations.ts'
import type { Consent, ConsentStore } from './consents.ts'

export function createConsentStore(db: Database, tenant: Tenant): ConsentStore {
  return {
    async find(user, clientId) {
      const row = await db.first<{ answer: string }>(sql`select answer from consent
        where tenant = ${tenant} and user_id = ${user} and client_id = ${clientId}`)
      return row && (JSON.parse(row.answer) as Consent) // written below from exactly this type
    },
    async remember(user, clientId, consent, now) {
      await db.run(sql`insert into consent (tenant, user_id, client_id, answer, answered_at)
        values (${tenant}, ${user}, ${clientId}, ${JSON.stringify(consent)}, ${now.getTime()})
        on conflict (tenant, user_id, client_id) do update set answer = excluded.answer, answered_at = excluded.answered_at`)
    },
    async ofUser(user) {
      const rows = await db.all<{ client_id: string; answer: string; answered_at: number }>(
        sql`select client_id, answer, answered_at from consent where tenant = ${tenant} and user_id = ${user}`,
      )
      return rows.map((row) => ({
        ...(JSON.parse(row.answer) as Consent), // written above from exactly this type
        clientId: row.client_id,
        answeredAt: new Date(row.answered_at),
      }))
    },
    async withdraw({ user, clientId, grantIds, now }, inside) {
      await db.transaction(async (tx) => {
        await tx.run(
          sql`delete from consent where tenant = ${tenant} and user_id = ${user} and client_id = ${clientId}`,
        )
        for (const grantId of grantIds)
          await tx.run(sql`delete from oidc where tenant = ${tenant} and grant_id = ${grantId}`)
        await inside(tx)
        const revoked = grantIds.map((id): Revoked => ({ kind: 'grant', id }))
        await recordRevocations(tx, tenant, revoked, now)
      })
    },
  }
}
