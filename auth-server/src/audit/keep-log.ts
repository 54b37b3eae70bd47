import { join } from 'node:path'
import type { Outbox } from '@uthopp/audit/outbox'
import { newRecord } from '@uthopp/audit/record'
import { pruneRecords, retentionEnd } from '@uthopp/audit/retention'
import { tenantsLogged } from '@uthopp/audit/verify'
import { writeWitnesses } from '@uthopp/audit/witnesses'
import type { Log } from '@uthopp/server-kit/log'
import { newTrace } from '@uthopp/server-kit/trace'
import type { Database } from '@uthopp/storage/database'

const EVERY_MS = 60 * 60_000

/** Where the heads of the chains are written down, beside the database and not in it. */
export const witnessFile = (data: string | undefined): string | undefined =>
  data === undefined ? undefined : join(data, 'audit-heads.jsonl')

type KeepDeps = {
  readonly db: Database
  readonly outbox: Pick<Outbox, 'write'>
  readonly years: number
  readonly file: string | undefined
  readonly now: () => Date
}

/** Removes what is older than its time, which is an activity of its own, and writes down where the chains stand. */
export async function keepLog({ db, outbox, years, file, now }: KeepDeps): Promise<void> {
  const at = now()
  for (const tenant of await tenantsLogged(db)) {
    const count = await pruneRecords(db, tenant, retentionEnd(at, years))
    if (count > 0)
      await outbox.write([
        newRecord({
          tenant,
          at,
          activity: 'log-pruned',
          source: 'auth-server',
          actor: { kind: 'system', id: 'auth-server', role: null },
          correlationId: newTrace().traceId,
          detail: { count, years },
        }),
      ])
  }
  if (file !== undefined) await writeWitnesses(db, file, at)
}

/** Keeps the log in order once at the start and every hour after it. */
export function startKeepingLog(deps: KeepDeps & { readonly log: Log }): { readonly stop: () => void } {
  const run = (): void =>
    void keepLog(deps).catch((error: unknown) => deps.log.error('audit-keeping-failed', { error }))
  run()
  const timer = setInterval(run, EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
