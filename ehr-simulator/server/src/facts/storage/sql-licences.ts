import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { recordChanges } from './sql-changes.ts'
import { recordDue } from './sql-due.ts'
import type { Tell } from './tell.ts'

/** What the simulated register of health personnel (HPR) says of one person. */
export type Licence = { readonly active: boolean; readonly validUntil: Date | null }

export interface LicenceStore {
  /** Undefined for somebody the register does not know, who is not licensed. */
  find(user: string): Promise<Licence | undefined>
  set(user: string, licence: Licence, now: Date, tell?: Tell): Promise<void>
  /** Only where nothing is known yet. */
  suggest(user: string, licence: Licence): Promise<void>
}

type Row = { readonly active: number; readonly valid_until: number | null }

export const isValid = (licence: Licence | undefined, now: Date): boolean =>
  licence !== undefined && licence.active && (licence.validUntil === null || now < licence.validUntil)

export function createLicenceStore(db: Database, tenant: Tenant): LicenceStore {
  return {
    async find(user) {
      const row = await db.first<Row>(
        sql`select active, valid_until from licence where tenant = ${tenant} and user_id = ${user}`,
      )
      if (row === undefined) return undefined
      return { active: row.active === 1, validUntil: row.valid_until === null ? null : new Date(row.valid_until) }
    },
    async set(user, { active, validUntil }, now, tell) {
      const until = validUntil?.getTime() ?? null
      await db.transaction(async (inside) => {
        await inside.run(sql`insert into licence (tenant, user_id, active, valid_until)
          values (${tenant}, ${user}, ${active ? 1 : 0}, ${until})
          on conflict (tenant, user_id) do update set active = excluded.active, valid_until = excluded.valid_until`)
        await recordChanges(inside, tenant, [{ kind: 'user', id: user }])
        if (validUntil !== null && validUntil > now) {
          await recordDue(inside, tenant, { kind: 'user', id: user }, [validUntil])
        }
        await tell?.(inside)
      })
    },
    async suggest(user, { active, validUntil }) {
      await db.run(sql`insert into licence (tenant, user_id, active, valid_until)
        values (${tenant}, ${user}, ${active ? 1 : 0}, ${validUntil?.getTime() ?? null}) on conflict do nothing`)
    },
  }
}
