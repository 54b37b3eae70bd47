import type { Log } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import { BATCH, type Pending, readOldest, removeDelivered, setAside, tenantsWaiting } from './outbox-rows.ts'
import type { Turn } from './turn.ts'
import { RecordsRefused, type Send } from './send.ts'

const RETRY_MS = [250, 500, 1000, 2000, 5000, 10_000, 30_000] as const
/** Lets the other trusts have their turn while one has a long queue. */
const MOST_BATCHES = 10

type Trouble = { readonly failures: number; readonly againAt: number }

/** Carries what waits to the repositories, trust by trust: one whose repository is away keeps none of the others waiting. */
export function createDelivery(deps: {
  readonly db: Database
  readonly send: Send
  readonly log: Log
  /** Held by one node at a time. */
  readonly turn: Turn
  readonly ticks: () => number
}) {
  const { db, send, log, turn, ticks } = deps
  const troubles = new Map<Tenant, Trouble>()

  /** A batch that is refused is halved until the one record that is to blame stands alone. */
  async function deliver(tenant: Tenant, batch: readonly Pending[]): Promise<void> {
    try {
      await send(
        tenant,
        batch.map(({ record }) => record),
      )
      await removeDelivered(db, tenant, batch)
    } catch (error) {
      if (!(error instanceof RecordsRefused)) throw error
      const [only, ...others] = batch
      if (only === undefined) return
      if (others.length === 0) {
        log.error('audit-record-refused', { tenant, code: error.code, correlationId: only.record.correlationId })
        return setAside(db, tenant, only, error.code)
      }
      const half = Math.ceil(batch.length / 2)
      await deliver(tenant, batch.slice(0, half))
      await deliver(tenant, batch.slice(half))
    }
  }

  async function drain(tenant: Tenant): Promise<void> {
    for (let batches = 0; batches < MOST_BATCHES; batches += 1) {
      const batch = await readOldest(db, tenant)
      if (batch.length > 0) await deliver(tenant, batch)
      if (batch.length < BATCH) return
    }
  }

  async function attempt(tenant: Tenant): Promise<void> {
    const trouble = troubles.get(tenant)
    if (trouble !== undefined && ticks() < trouble.againAt) return
    try {
      await drain(tenant)
      if (trouble !== undefined) log.info('audit-delivery-resumed', { tenant })
      troubles.delete(tenant)
    } catch (error) {
      const failures = (trouble?.failures ?? 0) + 1
      const pause = RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? RETRY_MS[0]
      troubles.set(tenant, { failures, againAt: ticks() + pause })
      if (failures === 1) log.error('audit-delivery-failed', { tenant, error })
    }
  }

  return {
    /** One round over all trusts that have something waiting and are not being left in peace after a failure. */
    async round(): Promise<void> {
      const waiting = await tenantsWaiting(db)
      if (waiting.length === 0 || !(await turn.take())) return
      await Promise.all(waiting.map((tenant) => attempt(tenant)))
    },
  }
}
