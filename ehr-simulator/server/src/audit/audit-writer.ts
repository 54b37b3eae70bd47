import type { Activity } from '@uthopp/audit/activities'
import type { Outbox } from '@uthopp/audit/outbox'
import { type AuditActor, type AuditedDecision, type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { Answer } from '@uthopp/policy/answer'
import type { Trace } from '@uthopp/server-kit/trace'
import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import { auditedPolicy, reasonDetail } from './audited-policy.ts'

/** Something somebody did in the host itself: ids and codes only, and never the reason a person wrote down. */
export type HostActivity = {
  readonly activity: Activity
  readonly actor: AuditActor
  readonly trace: Trace
  readonly outcome?: AuditRecord['outcome']
  readonly patient?: string | null
  readonly purpose?: string | null
  readonly decision?: AuditedDecision | null
  readonly launchId?: string | null
  readonly what?: AuditRecord['what']
  /** What policy answered, told whole; absent where it was not asked. */
  readonly answer?: Answer | undefined
  readonly detail?: AuditRecord['detail']
}

export type AuditWriter = {
  /**
   * Resolves when what was done is written down to stay. Rejects when it is not: then it must not be done, or not be shown.
   *
   * `inside` writes in a transaction that is under way, so that the deed and its record stand or fall together.
   */
  readonly write: (said: HostActivity | readonly HostActivity[], inside?: Database) => Promise<void>
}

/** Writes what happens at one trust of this host into the outbox, from which it travels to the trust's access log. */
export function createAuditWriter(deps: {
  readonly tenant: Tenant
  readonly outbox: Pick<Outbox, 'write'>
  readonly now: () => Date
}): AuditWriter {
  const recordOf = ({ trace, answer, detail, ...said }: HostActivity): AuditRecord =>
    newRecord({
      ...said,
      policy: auditedPolicy(answer),
      detail: { ...detail, ...reasonDetail(answer) },
      tenant: deps.tenant,
      at: deps.now(),
      source: 'host',
      correlationId: trace.traceId,
    })
  return {
    write: (said, inside) => {
      const activities: readonly HostActivity[] = isList(said) ? said : [said]
      return deps.outbox.write(activities.map(recordOf), inside)
    },
  }
}

// Array.isArray does not narrow readonly arrays away from the rest.
const isList = (said: HostActivity | readonly HostActivity[]): said is readonly HostActivity[] => Array.isArray(said)

/** Somebody who has not signed in is nobody we know: what they did is told of the host. */
export const STRANGER: AuditActor = { kind: 'system', id: 'host', role: null }

export const clinician = (user: string, role: string | null): AuditActor => ({ kind: 'clinician', id: user, role })
export const citizen = (patient: string): AuditActor => ({ kind: 'citizen', id: patient, role: null })
