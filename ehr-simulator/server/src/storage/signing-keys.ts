import { generateSigningKey, importSigningKey, type SigningKey } from '@uthopp/server-kit/keys'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import type { Tenant } from '@uthopp/storage/tenant'
import type { JWK } from 'jose'

/**
 * The one key with which this trust's host signs, made at the first start and kept.
 *
 * Of two processes that start at once both end with the key that was stored first.
 */
export async function signingKeyOf(database: Database, tenant: Tenant, now: Date): Promise<SigningKey> {
  const stored = () =>
    database.first<{ private_jwk: string }>(sql`select private_jwk from signing_key where tenant = ${tenant}`)
  const known = await stored()
  if (known) return importSigningKey(JSON.parse(known.private_jwk) as JWK) // written below
  const fresh = await generateSigningKey('ES256')
  await database.run(
    sql`insert into signing_key (tenant, kid, private_jwk, created_at)
        values (${tenant}, ${fresh.kid}, ${JSON.stringify(fresh.privateJwk)}, ${now.getTime()}) on conflict do nothing`,
  )
  const kept = await stored()
  if (!kept) throw new Error('the signing key was not kept')
  return importSigningKey(JSON.parse(kept.private_jwk) as JWK) // as above
}
