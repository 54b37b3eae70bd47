import { AsyncLocalStorage } from 'node:async_hooks'
import type { Outbox } from '@uthopp/audit/outbox'
import type { AuditRecord } from '@uthopp/audit/record'
import type { Database } from '@uthopp/storage/database'
import { isStrangers, type Strangers } from './strangers.ts'

/**
 * What a request has done so far, kept until its answer is about to leave.
 *
 * INVARIANT: no answer leaves before `settle` has made what led to it durable. Where that fails the answer is an error.
 */
export type AuditTrail = {
  /** Runs one request from this address; what it noted is written before this ends, also when the request fails. */
  readonly during: <T>(from: string, request: () => Promise<T>) => Promise<T>
  /** Outside a request, what is noted is written at once. */
  readonly note: (...records: readonly AuditRecord[]) => void
  /** Writes in the transaction of what it tells of, so that neither is without the other. */
  readonly writeInside: (inside: Database, ...records: readonly AuditRecord[]) => Promise<void>
  /** True when this request has noted already that something was refused or failed. */
  readonly hasRefusal: () => boolean
  /** For whoever answers the request itself: writes what was noted so far. */
  readonly settle: () => Promise<void>
}

/** What one request has noted and not written yet. */
type Noted = { readonly from: string; readonly records: AuditRecord[]; hasRefusal: boolean }

export function createAuditTrail(deps: {
  readonly outbox: Pick<Outbox, 'write'>
  readonly strangers: Strangers
  /** A record of no request could not be written: nobody is waiting who could be refused. */
  readonly failed: (error: unknown) => void
}): AuditTrail {
  const requests = new AsyncLocalStorage<Noted>()

  async function settle(): Promise<void> {
    const noted = requests.getStore()
    if (noted === undefined || noted.records.length === 0) return
    await deps.outbox.write(noted.records.splice(0))
  }

  return {
    settle,
    writeInside: (inside, ...records) => deps.outbox.write(records, inside),
    hasRefusal: () => requests.getStore()?.hasRefusal ?? false,
    note(...records) {
      const noted = requests.getStore()
      if (noted === undefined) return void deps.outbox.write(records).catch(deps.failed)
      for (const record of records) {
        noted.hasRefusal ||= record.outcome !== 'ok'
        if (!isStrangers(record) || deps.strangers.admits(noted.from)) noted.records.push(record)
      }
    },
    during: (from, request) =>
      requests.run({ from, records: [], hasRefusal: false }, async () => {
        try {
          return await request()
        } finally {
          // What goes wrong here replaces whatever the request came to: no log, no data.
          await settle()
        }
      }),
  }
}
