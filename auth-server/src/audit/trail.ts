import { AsyncLocalStorage } from 'node:async_hooks'
import type { Outbox } from '@uthopp/audit/outbox'
import type { AuditRecord } from '@uthopp/audit/record'

/**
 * What a request has done so far, kept until its answer is about to leave.
 *
 * INVARIANT: no answer leaves before `settle` has made what led to it durable. Where that fails the answer is an error.
 */
export type AuditTrail = {
  /** Runs one request; what it noted is written before this ends, also when the request fails. */
  readonly during: <T>(request: () => Promise<T>) => Promise<T>
  /** Outside a request, what is noted is written at once. */
  readonly note: (...records: readonly AuditRecord[]) => void
  /** True when this request has noted already that something was refused or failed. */
  readonly hasRefusal: () => boolean
  /** For whoever answers the request itself: writes what was noted so far. */
  readonly settle: () => Promise<void>
}

export function createAuditTrail(deps: {
  readonly outbox: Pick<Outbox, 'write'>
  /** A record of no request could not be written: nobody is waiting who could be refused. */
  readonly failed: (error: unknown) => void
}): AuditTrail {
  const requests = new AsyncLocalStorage<AuditRecord[]>()

  async function settle(): Promise<void> {
    const noted = requests.getStore()
    if (noted === undefined || noted.length === 0) return
    await deps.outbox.write(noted.splice(0))
  }

  return {
    settle,
    hasRefusal: () => requests.getStore()?.some(({ outcome }) => outcome !== 'ok') ?? false,
    note(...records) {
      const noted = requests.getStore()
      if (noted === undefined) void deps.outbox.write(records).catch(deps.failed)
      else noted.push(...records)
    },
    during: (request) =>
      requests.run([], async () => {
        try {
          return await request()
        } finally {
          // What goes wrong here replaces whatever the request came to: no log, no data.
          await settle()
        }
      }),
  }
}
