import { newRecord } from '@uthopp/audit/record'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { Refusal } from '@uthopp/server-kit/refusal'
import { addressOf } from '#src/limits/caller.ts'
import { LOG_OF_ROUTE, routeKey } from './route-activities.ts'
import type { AuditTrail } from './trail.ts'

/** Somebody tried what they may not. A body that is wrong is nobody's attempt at anything. */
const ATTEMPTS: ReadonlySet<number> = new Set([401, 403, 409, 429])
/** The same where an address answers itself, with a page or in the words of another standard. */
const ANSWERED: ReadonlySet<number> = new Set([401, 403])

type Deps = {
  readonly issuer: string
  readonly trail: AuditTrail
  readonly tenant: string
  readonly now: () => Date
}

/**
 * Runs one request of an issuer with its trail, and writes down a refusal that no event told of: attempts at unauthorised use
 * stand in the log (norway.md §5.3.1).
 */
export function logged(deps: Deps, ctx: AppContext, handle: () => Promise<void>): Promise<void> {
  return deps.trail.during(addressOf(ctx, deps.issuer), async () => {
    try {
      await handle()
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500
      if (ATTEMPTS.has(status) || status >= 500)
        noteRefusal(deps, ctx, status, error instanceof Refusal ? error.code : 'server_error')
      throw error
    }
    if (ANSWERED.has(ctx.status)) noteRefusal(deps, ctx, ctx.status, ctx.state.refusal ?? 'refused')
  })
}

function noteRefusal({ trail, tenant, now }: Deps, ctx: AppContext, status: number, code: string): void {
  const template: unknown = ctx['_matchedRoute']
  const inLog = LOG_OF_ROUTE.get(routeKey(ctx.method, String(template)))
  if (inLog?.kind !== 'told' || inLog.refused === undefined || trail.hasRefusal()) return
  trail.note(
    newRecord({
      tenant,
      at: now(),
      activity: inLog.refused,
      outcome: status < 500 ? 'refused' : 'failed',
      source: 'auth-server',
      // Whoever it was has not been recognised as anybody; the correlation id leads to the line of the technical log.
      actor: { kind: 'system', id: 'auth-server', role: null },
      correlationId: ctx.state.trace.traceId,
      detail: { status, code },
    }),
  )
}
