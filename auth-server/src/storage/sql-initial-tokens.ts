import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { type Admitted, type InitialTokens, NAME_LENGTH } from './initial-tokens.ts'

type Row = { readonly zone: Admitted['zone']; readonly approved: number; readonly scope: string | null }
type WholeRow = Row & { readonly token_hash: string; readonly uses_left: number; readonly expires_at: number }

/** One given out before there was a bound approves nothing: nobody at the trust has seen what. */
const admittedOf = ({ zone, approved, scope }: Row): Admitted => ({
  zone,
  approved: approved === 1 && scope !== null,
  scope,
})

export function createInitialTokens(db: Database, tenant: Tenant): InitialTokens {
  const alive = (now: Date) => sql`tenant = ${tenant} and uses_left > 0 and expires_at > ${now.getTime()}`
  const good = (tokenHash: string, now: Date) => sql`${alive(now)} and token_hash = ${tokenHash}`
  return {
    async add({ tokenHash, zone, approved, scope, uses, expiresAt }) {
      await db.run(sql`insert into initial_access_token (tenant, token_hash, zone, approved, scope, uses_left, expires_at)
        values (${tenant}, ${tokenHash}, ${zone}, ${approved ? 1 : 0}, ${scope}, ${uses}, ${expiresAt.getTime()})`)
    },
    async find(tokenHash, now) {
      const row = await db.first<Row>(
        sql`select zone, approved, scope from initial_access_token where ${good(tokenHash, now)}`,
      )
      return row && admittedOf(row)
    },
    async spend(tokenHash, now) {
      const [row] = await db.all<Row>(sql`update initial_access_token set uses_left = uses_left - 1
        where ${good(tokenHash, now)} returning zone, approved, scope`)
      return row && admittedOf(row)
    },
    async giveBack(tokenHash) {
      await db.run(sql`update initial_access_token set uses_left = uses_left + 1
        where tenant = ${tenant} and token_hash = ${tokenHash}`)
    },
    async all(now) {
      const rows = await db.all<WholeRow>(sql`select token_hash, zone, approved, scope, uses_left, expires_at
        from initial_access_token where ${alive(now)} order by expires_at`)
      return rows.map((row) => ({
        ...admittedOf(row),
        tokenHash: row.token_hash,
        uses: row.uses_left,
        expiresAt: new Date(row.expires_at),
      }))
    },
    async withdraw(name) {
      const gone = await db.run(sql`delete from initial_access_token
        where tenant = ${tenant} and substr(token_hash, 1, ${NAME_LENGTH}) = ${name}`)
      return gone > 0
    },
  }
}
