import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import type { AuditRecord } from '#src/record.ts'
import { createDelivery } from './deliver.ts'
import { countSetAside, insertRecords, oldestPending } from './outbox-rows.ts'
import type { Send } from './send.ts'
import { createTurn } from './turn.ts'

/** Lets the records of a moment travel together. */
const LINGER_MS = 200
/** How often it is looked for what another node, or this one before it was killed, left behind. */
const LOOK_EVERY_MS = 1000

export type Outbox = {
  /**
   * Resolves when the records survive a power failure; rejects when they do not, and then nothing may leave that they tell of.
   *
   * Outside transactions this shares its commit with the other writes of the same moment, so ask for both before waiting for
   * either. `inside` puts the records into a transaction that is under way.
   */
  readonly write: (records: readonly AuditRecord[], inside?: Database) => Promise<void>
  /** Begins to bring what is written to the repository. */
  readonly start: (send: Send) => void
  /** How long the oldest record has been waiting; 0 when nothing is. */
  readonly oldestPendingSeconds: () => Promise<number>
  /** How many records the repository will not take: somebody has to look at them. */
  readonly setAside: () => Promise<number>
  /** Ends the delivery that is under way; what is not delivered stays for the next start. */
  readonly close: () => Promise<void>
}

/** The audit records of one process, in its own database, on their way to the repository. At least once, in order, per trust. */
export function createOutbox(options: {
  readonly db: Database
  readonly now: () => Date
  readonly log: Log
  readonly lingerMs?: number
}): Outbox {
  const { db, now, log, lingerMs = LINGER_MS } = options
  const closing = new AbortController()
  let running: Promise<void> | undefined
  let wake: () => void = () => undefined

  async function run(send: Send): Promise<void> {
    const delivery = createDelivery({ db, send, log, turn: createTurn(db, now), ticks: () => performance.now() })
    while (!closing.signal.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      try {
        await delivery.round()
      } catch (error) {
        if (!closing.signal.aborted) log.error('audit-delivery-failed', { error })
      }
      const look = sleep(LOOK_EVERY_MS, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
      await Promise.race([woken, look])
      await sleep(lingerMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    async write(records, inside = db) {
      if (records.length === 0) return
      await insertRecords(inside, records)
      wake()
    },
    start(send) {
      running ??= run(send)
    },
    async oldestPendingSeconds() {
      const oldest = await oldestPending(db)
      return oldest === undefined ? 0 : Math.max(0, (now().getTime() - oldest.getTime()) / 1000)
    },
    setAside: () => countSetAside(db),
    async close() {
      closing.abort()
      wake()
      await running
    },
  }
}
