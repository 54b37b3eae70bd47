import type { JWK } from 'jose'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { KeyStore, StoredKey } from './keys.ts'

type Row = Pick<StoredKey, 'kid' | 'alg' | 'generation'> & {
  readonly jwk: string
  readonly created_at: number
  readonly signs_from: number
}

export function createKeyStore(db: Database, tenant: Tenant): KeyStore {
  return {
    async all() {
      const rows = await db.all<Row>(sql`select kid, alg, generation, jwk, created_at, signs_from from signing_key
        where tenant = ${tenant} order by alg, generation`)
      return rows.map(({ kid, alg, generation, ...row }) => ({
        kid,
        alg,
        generation,
        jwk: JSON.parse(row.jwk) as JWK, // written below from a JWK
        publishedAt: new Date(row.created_at),
        signsFrom: new Date(row.signs_from),
      }))
    },
    async add({ alg, generation, kid, jwk, publishedAt, signsFrom }) {
      const added = await db.run(sql`insert into signing_key (tenant, alg, generation, kid, jwk, created_at, signs_from)
        values (${tenant}, ${alg}, ${generation}, ${kid}, ${JSON.stringify(jwk)}, ${publishedAt.getTime()},
          ${signsFrom.getTime()})
        on conflict (tenant, alg, generation) do nothing`)
      return added === 1
    },
    async remove({ alg, generation }) {
      await db.run(
        sql`delete from signing_key where tenant = ${tenant} and alg = ${alg} and generation = ${generation}`,
      )
    },
  }
}
