import { generateSigningKey, importSigningKey, type SigningKey } from '@uthopp/server-kit/keys'
import { isRecord } from '@uthopp/smart-core/fhir/resource'
import type { Database } from '@uthopp/storage/database'
import type { Migration } from '@uthopp/storage/migrate'
import { sql } from '@uthopp/storage/sql'
import { parseJson } from '#src/json.ts'

export const KEY_MIGRATIONS: readonly Migration[] = [
  { id: '001-service-key', up: [sql`create table service_key (slot bigint primary key, jwk text not null)`] },
]

/**
 * The key this gateway speaks with towards the servers behind it: made on first start, the same ever after.
 *
 * It belongs to the process, not to a trust. Several nodes starting at once agree on whichever key was stored first.
 */
export async function openServiceKey(db: Database): Promise<SigningKey> {
  const stored = await readKey(db)
  if (stored) return stored
  const fresh = await generateSigningKey('ES256')
  await db.acrossTenants.run(
    sql`insert into service_key (slot, jwk) values (1, ${JSON.stringify(fresh.privateJwk)}) on conflict (slot) do nothing`,
  )
  return (await readKey(db)) ?? fresh
}

async function readKey(db: Database): Promise<SigningKey | undefined> {
  const row = await db.acrossTenants.first<{ jwk: string }>(sql`select jwk from service_key where slot = 1`)
  const jwk = row === undefined ? undefined : parseJson(row.jwk)
  return isRecord(jwk) ? importSigningKey(jwk) : undefined
}
