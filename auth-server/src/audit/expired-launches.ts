import type { Outbox } from '@uthopp/audit/outbox'
import type { AuditRecord } from '@uthopp/audit/record'
import type { LaunchIntent } from '@uthopp/smart-core/launch'
import type { Database } from '@uthopp/storage/database'
import { newTrace } from '@uthopp/server-kit/trace'
import { askerOfOffer } from '#src/policy/asker.ts'
import { recordOfEvent } from './audited-events.ts'

/** A launch that nobody used in time, as its row was when it was swept away. */
export type ExpiredLaunch = {
  readonly tenant: string
  readonly launch_id: string
  readonly client_id: string
  readonly intent: string
  readonly expires_at: number
}

/** Writes down, in the transaction that removes them, launches that were offered and never used (norway.md §5.3). */
export const tellExpired =
  (outbox: Pick<Outbox, 'write'>) =>
  async (launches: readonly ExpiredLaunch[], inside: Database): Promise<void> => {
    const records = launches.flatMap(({ tenant, launch_id: launchId, client_id: clientId, ...row }): AuditRecord[] => {
      const intent = JSON.parse(row.intent) as LaunchIntent // written by the launch store from a parsed intent
      const about = { clientId, launchId, correlationId: newTrace().traceId }
      const asker = askerOfOffer(tenant, intent)
      const record = recordOfEvent(tenant, new Date(row.expires_at), 'launch-expired', about, { asker })
      return record === undefined ? [] : [record]
    })
    await outbox.write(records, inside)
  }
