import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { removeExpired } from './sql-registrations.ts'

/** Small enough not to hold up a request behind it: larger batches blocked SQLite for over 100 ms. */
const BATCH = 500

/** Deletes some of what has outlived its use, in every tenant; answers how many rows went, so that a caller can go on. */
export async function sweepExpired(db: Database, now: Date): Promise<number> {
  const at = now.getTime()
  const rows = await db.acrossTenants.run(sql`delete from oidc where (tenant, model, id_hash) in
    (select tenant, model, id_hash from oidc where expires_at < ${at} limit ${BATCH})`)
  const launches = await db.acrossTenants.run(sql`delete from launch where (tenant, launch_id) in
    (select tenant, launch_id from launch where keep_until < ${at} limit ${BATCH})`)
  const revocations = await db.acrossTenants.run(sql`delete from revocation where (tenant, kind, id) in
    (select tenant, kind, id from revocation where keep_until < ${at} limit ${BATCH})`)
  const standalone = await db.acrossTenants.run(sql`delete from standalone_launch where (tenant, interaction) in
    (select tenant, interaction from standalone_launch where keep_until < ${at} limit ${BATCH})`)
  const tokens = await db.acrossTenants.run(sql`delete from initial_access_token where (tenant, token_hash) in
    (select tenant, token_hash from initial_access_token where expires_at < ${at} limit ${BATCH})`)
  const clients = await removeExpired(db, BATCH, now)
  return rows + launches + revocations + standalone + tokens + clients
}

const EVERY_MS = 60_000

/** Sweeps once a minute, a batch at a time with room for requests in between. */
export function startSweeping(db: Database, now: () => Date, log: Log): { readonly stop: () => void } {
  const sweep = async (): Promise<void> => {
    const gone = await sweepExpired(db, now())
    if (gone >= BATCH) setImmediate(run)
  }
  const run = (): void => void sweep().catch((error: unknown) => log.error('sweep-failed', { error }))
  const timer = setInterval(run, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
