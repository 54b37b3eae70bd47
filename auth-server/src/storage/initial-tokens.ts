import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { Client } from '#src/clients/client.ts'

/** What the trust decided, when it gave the token out, of the apps registered with it. */
export type Admitted = {
  readonly zone: Client['zone']
  /** For launches, or as a backend service; without it an app is known and can be offered to nobody. */
  readonly approved: boolean
}

type Row = { readonly zone: Client['zone']; readonly approved: number }

/** The initial access tokens of one tenant, by their hashes. Unknown, spent and expired ones cannot be told apart. */
export function createInitialTokens(db: Database, tenant: Tenant) {
  const good = (tokenHash: string, now: Date) =>
    sql`tenant = ${tenant} and token_hash = ${tokenHash} and uses_left > 0 and expires_at > ${now.getTime()}`
  return {
    async add(given: Admitted & { readonly tokenHash: string; readonly uses: number; readonly expiresAt: Date }) {
      await db.run(sql`insert into initial_access_token (tenant, token_hash, zone, approved, uses_left, expires_at)
        values (${tenant}, ${given.tokenHash}, ${given.zone}, ${given.approved ? 1 : 0}, ${given.uses}, ${given.expiresAt.getTime()})`)
    },
    /** Looks without spending, so that a mistake in the metadata costs nothing. */
    async isGood(tokenHash: string, now: Date): Promise<boolean> {
      const row = await db.first<{ one: number }>(
        sql`select 1 as one from initial_access_token where ${good(tokenHash, now)}`,
      )
      return row !== undefined
    },
    /** Takes one use; of simultaneous callers as many succeed as there are uses. */
    async spend(tokenHash: string, now: Date): Promise<Admitted | undefined> {
      const [row] = await db.all<Row>(sql`update initial_access_token set uses_left = uses_left - 1
        where ${good(tokenHash, now)} returning zone, approved`)
      return row && { zone: row.zone, approved: row.approved === 1 }
    },
    /** For a registration that came to nothing through no fault of its own. */
    async giveBack(tokenHash: string): Promise<void> {
      await db.run(sql`update initial_access_token set uses_left = uses_left + 1
        where tenant = ${tenant} and token_hash = ${tokenHash}`)
    },
  }
}

export type InitialTokens = ReturnType<typeof createInitialTokens>
