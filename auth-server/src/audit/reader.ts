import { type AuditActor, type AuditRecord, newRecord } from '@uthopp/audit/record'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { refuse } from '@uthopp/server-kit/refusal'
import type { RequireScope } from '#src/clients/scoped-caller.ts'
import { perPatient } from './per-patient.ts'
import type { AuditTrail } from './trail.ts'

const SCOPE = '__audit.read'

/** Whom a process reads the log for; the process itself where nobody is named. */
type LogReader = { readonly clientId: string; readonly actor: AuditActor }
export type RequireLogReader = (ctx: AppContext, options?: { readonly citizen?: boolean }) => Promise<LogReader>

/** Admits the processes a trust lets read its log, and learns from them who is looking. */
export const createLogReaders =
  (requireScope: RequireScope): RequireLogReader =>
  async (ctx, { citizen = false } = {}) => {
    const { client } = await requireScope(ctx, [SCOPE])
    const behalf = ctx.get('x-on-behalf-of')
    if (behalf === '') return { clientId: client.clientId, actor: { kind: 'client', id: client.clientId, role: null } }
    if (!/^[A-Za-z0-9.-]{1,64}$/.test(behalf))
      return refuse(400, 'invalid_request', '`x-on-behalf-of` must be the id of a person')
    return { clientId: client.clientId, actor: { kind: citizen ? 'citizen' : 'clinician', id: behalf, role: null } }
  }

type Reading = {
  /** Of whom the log was asked for; null where of nobody in particular. */
  readonly patient: string | null
  readonly told: readonly Pick<AuditRecord, 'patient'>[]
  readonly params: Iterable<string>
}

/** Reading the log stands in the log of everybody who was read about, before anything that was read leaves (norway.md §5.3). */
export function noteReading(
  deps: { readonly trail: AuditTrail; readonly tenant: string; readonly now: () => Date },
  ctx: AppContext,
  reader: LogReader,
  { patient: asked, told, params }: Reading,
): void {
  const names = [...new Set(params)].join('&')
  const query = names === '' ? null : names
  const concerned = asked === null ? perPatient(told) : [{ patient: asked, count: told.length }]
  deps.trail.note(
    ...concerned.map(({ patient, count }) =>
      newRecord({
        tenant: deps.tenant,
        at: deps.now(),
        activity: 'log-read',
        source: 'auth-server',
        actor: reader.actor,
        clientId: reader.clientId,
        patient,
        correlationId: ctx.state.trace.traceId,
        what: { interaction: 'search-type', type: 'AuditEvent', ids: [], count, query },
      }),
    ),
  )
}
