import { hash } from 'node:crypto'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import { recordRevocations } from '#src/revocations/sql-revocations.ts'
import type { FoundOidcRow, OidcRow, OidcRows } from './oidc-rows.ts'

/** Models whose id is not a bearer value; a grant's id stands readable in access tokens. */
const PUBLIC_IDS = new Set(['Client', 'Grant', 'Interaction'])
/** The library tolerates clocks that differ; a row gone too early would turn a replay into a first use. */
const TOLERANCE_MS = 60_000

type Stored = { readonly payload: string; readonly consumed_at: number | null }

const keyOf = (model: string, id: string): string => (PUBLIC_IDS.has(model) ? id : hash('sha256', id, 'base64url'))

const withoutId = (payload: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(payload).filter(([name]) => name !== 'jti'))

function found(row: Stored | undefined, jti: string | undefined): FoundOidcRow | undefined {
  if (row === undefined) return undefined
  const payload = JSON.parse(row.payload) as Record<string, unknown> // written by `put` from exactly this type
  return {
    payload: jti === undefined ? payload : { ...payload, jti },
    consumedAt: row.consumed_at === null ? undefined : new Date(row.consumed_at),
  }
}

export function createOidcRows(db: Database, tenant: Tenant): OidcRows {
  const insertion = (row: OidcRow) => {
    const payload = JSON.stringify(PUBLIC_IDS.has(row.model) ? row.payload : withoutId(row.payload))
    const expiresAt = row.expiresAt === undefined ? null : row.expiresAt.getTime() + TOLERANCE_MS
    // A grant is found by its own id too, so that ending a launch is one statement over everything issued from it.
    const grantId = row.model === 'Grant' ? row.id : (row.grantId ?? null)
    return sql`insert into oidc (tenant, model, id_hash, payload, grant_id, uid, expires_at)
      values (${tenant}, ${row.model}, ${keyOf(row.model, row.id)}, ${payload}, ${grantId}, ${row.uid ?? null}, ${expiresAt})`
  }
  return {
    async put(row) {
      await db.run(sql`${insertion(row)} on conflict (tenant, model, id_hash) do update set payload = excluded.payload,
        grant_id = excluded.grant_id, uid = excluded.uid, expires_at = excluded.expires_at`)
    },
    async putOnce(row) {
      return (await db.run(sql`${insertion(row)} on conflict (tenant, model, id_hash) do nothing`)) === 1
    },
    async find(model, id) {
      const row = await db.first<Stored>(sql`select payload, consumed_at from oidc
        where tenant = ${tenant} and model = ${model} and id_hash = ${keyOf(model, id)}`)
      return found(row, PUBLIC_IDS.has(model) ? undefined : id)
    },
    async findByUid(model, uid) {
      const row = await db.first<Stored>(sql`select payload, consumed_at from oidc
        where tenant = ${tenant} and model = ${model} and uid = ${uid}`)
      return found(row, undefined)
    },
    async consume(model, id, now) {
      const rows = await db.run(sql`update oidc set consumed_at = ${now.getTime()}
        where tenant = ${tenant} and model = ${model} and id_hash = ${keyOf(model, id)} and consumed_at is null`)
      return rows === 1
    },
    async destroy(model, id) {
      await db.run(
        sql`delete from oidc where tenant = ${tenant} and model = ${model} and id_hash = ${keyOf(model, id)}`,
      )
    },
    async destroyToken({ model, id, name }, now) {
      await db.transaction(async (tx) => {
        await tx.run(
          sql`delete from oidc where tenant = ${tenant} and model = ${model} and id_hash = ${keyOf(model, id)}`,
        )
        await recordRevocations(tx, tenant, [{ kind: 'token', id: name }], now)
      })
    },
    async destroyByGrant(grantId, now, inside) {
      await db.transaction(async (tx) => {
        await tx.run(sql`delete from oidc where tenant = ${tenant} and grant_id = ${grantId}`)
        await inside?.(tx)
        await recordRevocations(tx, tenant, [{ kind: 'grant', id: grantId }], now)
      })
    },
  }
}
