import type { ExpiredLaunch } from '#src/audit/expired-launches.ts'
import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import { sql } from '@uthopp/storage/sql'
import { removeExpired } from './sql-registrations.ts'

/** Small enough not to hold up a request behind it: larger batches blocked SQLite for over 100 ms. */
const BATCH = 500
/** Each of these can be a record of the access log as well, written in the same transaction. */
const LAUNCHES_AT_ONCE = 100

/** Hears of launches that nobody used in time, in the transaction that removes them. */
type Expired = (launches: readonly ExpiredLaunch[], inside: Database) => Promise<void>

const tellNobody: Expired = async () => undefined

/**
 * Deletes some of what has outlived its use, in every tenant; answers how many rows went, so that a caller can go on.
 *
 * QUIRK(PostgreSQL): whoever waited for a row looks again at the condition outside the inner select only, so it stands there
 * too: what was prolonged meanwhile stays.
 */
export async function sweepExpired(db: Database, now: Date, expired = tellNobody): Promise<number> {
  const at = now.getTime()
  const rows = await db.acrossTenants.run(sql`delete from oidc where (tenant, model, id_hash) in
    (select tenant, model, id_hash from oidc where expires_at < ${at} limit ${BATCH}) and expires_at < ${at}`)
  const launches = await sweepLaunches(db, at, expired)
  const revocations = await db.acrossTenants.run(sql`delete from revocation where (tenant, kind, id) in
    (select tenant, kind, id from revocation where keep_until < ${at} limit ${BATCH}) and keep_until < ${at}`)
  const standalone = await db.acrossTenants.run(sql`delete from standalone_launch where (tenant, interaction) in
    (select tenant, interaction from standalone_launch where keep_until < ${at} limit ${BATCH}) and keep_until < ${at}`)
  const tokens = await db.acrossTenants.run(sql`delete from initial_access_token where (tenant, token_hash) in
    (select tenant, token_hash from initial_access_token where expires_at < ${at} limit ${BATCH}) and expires_at < ${at}`)
  const clients = await removeExpired(db, BATCH, now)
  return rows + launches + revocations + standalone + tokens + clients
}

type SweptLaunch = ExpiredLaunch & { readonly redeemed_at: number | null; readonly ended_at: number | null }

async function sweepLaunches(db: Database, at: number, expired: Expired): Promise<number> {
  let gone = 0
  while (gone < BATCH) {
    const some = await sweepSomeLaunches(db, at, expired)
    gone += some
    if (some < LAUNCHES_AT_ONCE) break
  }
  return gone
}

function sweepSomeLaunches(db: Database, at: number, expired: Expired): Promise<number> {
  return db.transaction(async (inside) => {
    const gone = await inside.acrossTenants.all<SweptLaunch>(sql`delete from launch where (tenant, launch_id) in
      (select tenant, launch_id from launch where keep_until < ${at} limit ${LAUNCHES_AT_ONCE}) and keep_until < ${at}
      returning tenant, launch_id, client_id, intent, expires_at, redeemed_at, ended_at`)
    const unused = gone.filter((launch) => launch.redeemed_at === null && launch.ended_at === null)
    if (unused.length > 0) await expired(unused, inside)
    return gone.length
  })
}

const EVERY_MS = 60_000

/** Sweeps once a minute, a batch at a time with room for requests in between. */
export function startSweeping(deps: {
  readonly db: Database
  readonly now: () => Date
  readonly log: Log
  readonly expired: Expired
}): { readonly stop: () => void } {
  const { db, now, log, expired } = deps
  const sweep = async (): Promise<void> => {
    const gone = await sweepExpired(db, now(), expired)
    if (gone >= BATCH) setImmediate(run)
  }
  const run = (): void => void sweep().catch((error: unknown) => log.error('sweep-failed', { error }))
  const timer = setInterval(run, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
