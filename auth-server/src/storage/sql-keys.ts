import type { JWK } from 'jose'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { KeyStore, SigningKey } from './keys.ts'

type Row = { readonly kid: string; readonly alg: SigningKey['alg']; readonly jwk: string }

export function createKeyStore(db: Database, tenant: Tenant): KeyStore {
  return {
    async all() {
      const rows = await db.all<Row>(
        sql`select kid, alg, jwk from signing_key where tenant = ${tenant} order by alg, generation desc`,
      )
      return rows.map(({ kid, alg, jwk }) => ({ kid, alg, jwk: JSON.parse(jwk) as JWK })) // written below from a JWK
    },
    async createFirst(key, now) {
      await db.run(sql`insert into signing_key (tenant, alg, generation, kid, jwk, created_at)
        values (${tenant}, ${key.alg}, 1, ${key.kid}, ${JSON.stringify(key.jwk)}, ${now.getTime()})
        on conflict (tenant, alg, generation) do nothing`)
    },
  }
}
