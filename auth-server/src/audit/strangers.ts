import type { Activity } from '@uthopp/audit/activities'
import { type AuditRecord, newRecord } from '@uthopp/audit/record'
import { newTrace } from '@uthopp/server-kit/trace'
import type { Limits } from '#src/limits/limits.ts'
import { createWindows } from '#src/limits/windows.ts'

/** What somebody can try here whom nobody has recognised. */
const ATTEMPTS: ReadonlySet<Activity> = new Set([
  'authorization-refused',
  'launch-refused',
  'log-read-refused',
  'log-write-refused',
  'policy-asked',
  'registration-refused',
  'token-introspected',
  'token-refused',
  'token-revoked',
])

const WINDOW_MS = 60_000

/** It came to nothing, is about nobody, and was done by nobody but whoever a request says it is. */
export const isStrangers = ({ activity, outcome, actor, patient, policy }: AuditRecord): boolean =>
  outcome !== 'ok' &&
  ATTEMPTS.has(activity) &&
  patient === null &&
  policy === null &&
  (actor.kind === 'system' || actor.kind === 'client')

/**
 * Attempts of strangers stand in the log one by one as long as they are few; what comes beyond is counted, and told once a minute.
 * The log is chained and kept for years, so it must not be anybody's to fill. The technical log still has a line for each.
 */
export function createStrangers(deps: {
  readonly tenant: string
  readonly limits: Pick<Limits, 'toldAttemptsPerMinute' | 'toldAttemptsPerMinuteOfAddress'>
  /** Writes down how many were not written down. */
  readonly tell: (record: AuditRecord) => void
  readonly now: () => Date
}) {
  const { tenant, limits, tell, now } = deps
  const ofAddress = createWindows({ perMinute: limits.toldAttemptsPerMinuteOfAddress, now })
  const ofAll = createWindows({ perMinute: limits.toldAttemptsPerMinute, now })
  let counted: { attempts: number; readonly since: Date; readonly timer: NodeJS.Timeout } | undefined

  function tellCounted(): void {
    if (counted === undefined) return
    const { attempts, since, timer } = counted
    counted = undefined
    clearTimeout(timer)
    tell(
      newRecord({
        tenant,
        at: now(),
        activity: 'limit-reached',
        outcome: 'refused',
        source: 'auth-server',
        actor: { kind: 'system', id: 'auth-server', role: null },
        correlationId: newTrace().traceId,
        detail: { event: 'attempts-counted', count: attempts, since: since.toISOString() },
      }),
    )
  }

  return {
    /** True for an attempt that is to be written down; another is counted. */
    admits(address: string): boolean {
      const at = now()
      if (counted !== undefined && at.getTime() - counted.since.getTime() >= WINDOW_MS) tellCounted()
      if (ofAddress.waitOf(address) === undefined && ofAll.waitOf('') === undefined) {
        ofAddress.count(address)
        ofAll.count('')
        return true
      }
      // Told also where nobody comes any more.
      counted ??= { attempts: 0, since: at, timer: setTimeout(tellCounted, WINDOW_MS).unref() }
      counted.attempts += 1
      return false
    },
  }
}

export type Strangers = ReturnType<typeof createStrangers>
