import { openLog } from '@uthopp/audit/repository'
import { pruneRecords } from '@uthopp/audit/retention'
import { tenantsLogged } from '@uthopp/audit/verify'
import type { HeadsWriter } from '@uthopp/audit/write-heads'
import type { Log } from '@uthopp/server-kit/log'
import { newTrace } from '@uthopp/server-kit/trace'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'

const PRUNE_EVERY_MS = 60 * 60_000
/** The writer of heads says which of them it is time for. */
const LOOK_EVERY_MS = 1000

type KeepDeps = {
  readonly db: Database
  /** The trusts of the deployment. */
  readonly tenants: readonly Tenant[]
  readonly years: number
  readonly now: () => Date
}

/** Begins the log of every trust, and removes what is older than its time, which is an activity of its own. */
export async function keepLog({ db, tenants, years, now }: KeepDeps): Promise<void> {
  for (const tenant of tenants) await openLog(db, tenant)
  for (const tenant of await tenantsLogged(db))
    await pruneRecords(db, tenant, { years, now: now(), correlationId: newTrace().traceId })
}

/**
 * Keeps the log in order once at the start and every hour after it, and writes down where the chains stand as they grow.
 *
 * Stop when nothing is appended any more: the last heads are written down then.
 */
export function startKeepingLog(deps: KeepDeps & { readonly log: Log; readonly heads: HeadsWriter | undefined }): {
  readonly stop: () => Promise<void>
} {
  const { heads, log } = deps
  const failed = (error: unknown): void => log.error('audit-keeping-failed', { error })
  const keep = (): Promise<void> => keepLog(deps).catch(failed)
  let busy = keep()
  const look = (): void => {
    if (heads !== undefined) busy = busy.then(() => heads.write('due')).catch(failed)
  }
  look()
  const timers = [
    setInterval(() => {
      busy = busy.then(keep)
    }, PRUNE_EVERY_MS),
    setInterval(look, LOOK_EVERY_MS),
  ]
  for (const timer of timers) timer.unref()
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await busy
      await heads?.write('all').catch(failed)
    },
  }
}
