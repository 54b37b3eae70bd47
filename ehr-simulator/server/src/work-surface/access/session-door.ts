import type { Resource } from '@medplum/fhirtypes'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { Refusal } from '@uthopp/server-kit/refusal'
import { originOf } from '@uthopp/smart-core/fhir/origin'
import { isDirectoryType } from '@uthopp/smart-core/fhir/directory-types'
import { isResourceType } from '@uthopp/smart-core/fhir/resource-types'
import { clinician } from '#src/audit/audit-writer.ts'
import type { OnDuty, SessionGuard } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { basisOf, glassBasisOf } from './basis-of.ts'
import { guardChart } from './chart-guard.ts'
import { requireOpen } from './own-case.ts'
import { whyRefused } from './why-refused.ts'

/** `nobody`: no session at all. `hidden` is said of what is not there, and of what this person may not see. */
type SessionStanding = 'nobody' | 'may-read' | 'hidden' | 'not-for-sessions'

/**
 * What a session of the work surface may read at the FHIR door: one resource at a time, decided and written down like the
 * chart itself. Searches, histories and operations are the gateway's, which decides them row by row.
 */
export type SessionDoor = (ctx: AppContext, path: string) => Promise<SessionStanding>

export function createSessionDoor(deps: SurfaceDeps, guard: SessionGuard): SessionDoor {
  return async (ctx, path) => {
    const present = await onDuty(guard, ctx)
    if (present === undefined) return 'nobody'
    if (path === 'metadata') return 'may-read'
    const [type = '', id = '', ...rest] = path.split('/')
    if (!isResourceType(type) || id === '' || id.startsWith('_') || rest.length > 0 || ctx.querystring !== '') {
      return 'not-for-sessions'
    }
    return (await mayRead(deps, ctx, present, { type, id })) ? 'may-read' : 'hidden'
  }
}

/** Somebody who is not signed in, or has no role, is nobody at this door; trouble is trouble. */
async function onDuty(guard: SessionGuard, ctx: AppContext): Promise<OnDuty | undefined> {
  try {
    return await guard.onDuty(ctx)
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) return undefined
    throw error
  }
}

async function mayRead(
  deps: SurfaceDeps,
  ctx: AppContext,
  present: OnDuty,
  { type, id }: { readonly type: string; readonly id: string },
): Promise<boolean> {
  const kind = type as Resource['resourceType'] // an R4 resource type, as was checked
  const found = await deps.store.find<Resource>(kind, id)
  if (found === undefined) return false
  if (isDirectoryType(type)) return true
  // All else must be one patient's: a Device or a Bundle names people too, though R4 has no compartment for it.
  const { patients } = originOf({ ...found }, [deps.store.base])
  const [patient] = patients.ids
  if (patient === undefined || patients.unclear || patients.ids.length > 1) return false
  const { trace } = ctx.state
  const open = await requireOpen(deps, present, patient).catch((error: unknown) => {
    if (error instanceof Refusal && error.status === 403) return undefined
    throw error
  })
  const situation = { present, patient, trace }
  const chart = open && guardChart(deps, situation, open)
  const shown = await chart?.find<Resource>(kind, id)
  // What stands here only because a block was lifted is a use of that, and of no decision before it.
  const glass = chart?.opened().has(`${type}/${id}`) === true ? open && glassBasisOf(open) : undefined
  await deps.audit.write({
    activity: shown === undefined ? 'fhir-refused' : 'fhir-access',
    outcome: shown === undefined ? 'refused' : 'ok',
    actor: clinician(present.user.id, present.role.id),
    trace,
    patient,
    answer: chart === undefined ? await whyRefused(deps, situation) : chart.answerOf(`${type}/${id}`),
    ...(glass ?? (open && basisOf(open))),
    what: { interaction: 'read', type, ids: [`${type}/${id}`], count: null, query: null },
  })
  return shown !== undefined
}
