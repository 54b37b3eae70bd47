import { type AuditRecord, newRecord } from '#src/record.ts'

/** What was removed because its time was over, as the log itself tells it. */
export type Pruning = {
  readonly at: Date
  readonly years: number
  readonly count: number
  /** The sequence of the last record removed, and the hash the chain had there. */
  readonly through: number
  readonly hash: string
}

export const pruningRecord = (tenant: string, correlationId: string, { at, ...said }: Pruning): AuditRecord =>
  newRecord({
    tenant,
    at,
    activity: 'log-pruned',
    source: 'auth-server',
    actor: { kind: 'system', id: 'auth-server', role: null },
    correlationId,
    detail: said,
  })

/** Only the repository's own process tells of pruning: what another says of it counts for nothing. */
export function pruningIn({ activity, source, at, detail }: AuditRecord): Pruning | undefined {
  const { years, count, through, hash } = detail
  if (activity !== 'log-pruned' || source !== 'auth-server') return undefined
  if (typeof years !== 'number' || typeof count !== 'number' || typeof through !== 'number') return undefined
  return typeof hash === 'string' ? { at, years, count, through, hash } : undefined
}
