import type { Activity } from './activities.ts'
import { newRecordId } from './record-id.ts'

export type AuditOutcome = 'ok' | 'refused' | 'failed'
export type AuditSource = 'auth-server' | 'gateway' | 'host' | 'hub'

/** Who did it. Ids of the host or of a client, never a name or a number the state gave a person. */
export type AuditActor = {
  readonly kind: 'clinician' | 'citizen' | 'client' | 'system'
  readonly id: string
  readonly role: string | null
}

/** The care decision the access leans on (norway.md §5.1, care relation metadata). */
export type AuditedDecision = { readonly id: string; readonly template: string | null; readonly userSelected: boolean }

/** What was touched. A search is told by the names of its parameters: the values may be what somebody looked for. */
export type AuditedMatter = {
  readonly interaction: string | null
  readonly type: string | null
  readonly ids: readonly string[]
  readonly count: number | null
  readonly query: string | null
}

/** What policy answered, whole: for those who read the log, never for apps. */
export type AuditedPolicy = {
  readonly decisionId: string
  readonly version: string
  readonly effect: 'permit' | 'deny'
  readonly rules: readonly string[]
  readonly reasonCode: string
  readonly trace: unknown
}

export type AuditDetail = Readonly<Record<string, string | number | boolean | readonly string[]>>

/**
 * One activity that concerns at most one patient, as the process that did it saw it.
 *
 * It holds ids and codes only: no secret, no name, no national id and no reason text. Whoever reads the log later sees the
 * names that belong to the ids, as far as they are entitled to.
 */
export type AuditRecord = {
  /** A UUID of version 7. The same record sent again is the same row. */
  readonly id: string
  readonly tenant: string
  readonly at: Date
  readonly activity: Activity
  readonly outcome: AuditOutcome
  readonly actor: AuditActor
  readonly clientId: string | null
  /** One a record: a list of twenty patients makes twenty (norway.md §5.1). */
  readonly patient: string | null
  readonly correlationId: string
  readonly launchId: string | null
  readonly grantId: string | null
  readonly source: AuditSource
  /** A code of v3-ActReason. */
  readonly purpose: string | null
  readonly decision: AuditedDecision | null
  readonly what: AuditedMatter | null
  readonly policy: AuditedPolicy | null
  /** Scopes asked and granted, codes, counts. */
  readonly detail: AuditDetail
}

type Said = 'tenant' | 'at' | 'activity' | 'actor' | 'correlationId' | 'source'

/** A record of what a process saw; what it does not say did not apply. */
export function newRecord(said: Pick<AuditRecord, Said> & Partial<Omit<AuditRecord, Said | 'id'>>): AuditRecord {
  return {
    outcome: 'ok',
    clientId: null,
    patient: null,
    launchId: null,
    grantId: null,
    purpose: null,
    decision: null,
    what: null,
    policy: null,
    detail: {},
    ...said,
    id: newRecordId(said.at),
  }
}
