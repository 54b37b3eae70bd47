import type { ImagingStudy } from '@medplum/fhirtypes'
import { flag, type Members, text } from '@uthopp/server-kit/members'
import { type FhirId, parseFhirId } from '@uthopp/smart-core/fhir-id'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import { refuse } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { assuranceOf } from '#src/session/assurance.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import { smartStyleUrl } from '#src/style/smart-style.ts'
import { guardChart } from './access/chart-guard.ts'
import type { ChartSource } from './access/chart-source.ts'
import { requireOpen } from './access/own-case.ts'
import { withoutGlass } from './access/relation.ts'
import { requireTask } from './app-tasks.ts'
import { currentStay, readStays, requireOwnStay } from './stays.ts'
import type { SurfaceDeps } from './surface-deps.ts'
import { idIn } from './words.ts'

/** A workspace is one tab of one screen; the browser makes the id, and the session it belongs to goes in front. */
const workspaceId = (value: unknown, name: string): string | Problem =>
  typeof value === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(value)
    ? value
    : problem(name, `\`${name}\` must be 8 to 64 letters, digits or dashes`)

const fhirId = (value: unknown, name: string): FhirId | Problem =>
  typeof value === 'string' ? parseFhirId(value) : problem(name, `\`${name}\` must be a FHIR id`)

export const LAUNCH_SHAPE = {
  required: { app: text, workspace: workspaceId },
  optional: {
    patient: fhirId,
    encounter: fhirId,
    /** An ImagingStudy of the patient that the app should open on. */
    study: fhirId,
    /** A Task of the patient that asks for this app, and brings its own context. */
    task: fhirId,
    own_window: flag,
  },
} as const
export type LaunchWish = Members<typeof LAUNCH_SHAPE.required, typeof LAUNCH_SHAPE.optional>

export const ENDING_SHAPE = {
  required: {},
  optional: {
    workspace: workspaceId,
    launch: text,
    /** Whom the tab showed, and whether it goes on to somebody else. */
    patient: fhirId,
    switched: flag,
  },
} as const

/** Two screens may make the same workspace id; the session's name in front keeps one from ending the other's apps. */
export const workspaceName = (ref: string, workspace: string): string => `${ref}.${workspace}`

/**
 * Writes the offer of one launch in the wire names of the launch API (contracts §3).
 *
 * Only what this person in this role may see gets in: the authorization server takes the host's word for it.
 */
export async function writeOffer(deps: SurfaceDeps, present: OnDuty, wish: LaunchWish, trace: Trace) {
  const { session, user, role } = present
  const app = deps.deployment.apps.find(({ clientId }) => clientId === wish.app)
  if (app === undefined) return refuse(403, 'app_not_available', 'this trust does not offer that app')
  if (!app.contexts.includes(wish.patient === undefined ? 'unit' : 'patient')) {
    return refuse(403, 'context_not_available', 'this app is not offered in this context')
  }
  return {
    client_id: app.clientId,
    user: user.id,
    role: role.id,
    ...(await patientContext(deps, present, wish, trace)),
    ...intentOf(wish),
    acr: assuranceOf(deps.deployment),
    smart_style_url: smartStyleUrl(deps.deployment.addresses.host, deps.tenant),
    session: session.ref,
    workspace: workspaceName(session.ref, wish.workspace),
  }
}

/** Why the app is opened, where the click says more than "this patient" (SMART App Launch 2.2.0, "Launch intent"). */
function intentOf({ patient, study }: LaunchWish): { readonly intent?: string } {
  if (study !== undefined) return { intent: 'view-imaging-study' }
  return patient === undefined ? { intent: 'unit-overview' } : {}
}

async function patientContext(deps: SurfaceDeps, present: OnDuty, wish: LaunchWish, trace: Trace) {
  const { patient, encounter, study, task } = wish
  if (patient === undefined) {
    if (encounter ?? study ?? task) {
      refuse(400, 'invalid_request', '`encounter`, `study` and `task` come with their `patient`')
    }
    return {}
  }
  if (task !== undefined && (encounter ?? study) !== undefined) {
    refuse(400, 'invalid_request', '`task` brings its own context')
  }
  const open = await requireOpen(deps, present, patient)
  const { leaning } = open
  if (open.episodes !== null) {
    return refuse(403, 'own_learning_not_in_apps', 'own learning opens the chart, and no app')
  }
  // What the chart does not show is no context either; and what a lifted block shows is for the chart alone.
  const source = guardChart(deps, { present, patient, trace }, { ...open, facts: withoutGlass(open.facts) })
  return {
    patient,
    // What somebody chose for themselves is named: it is never leant on silently, and the app's access ends with it.
    ...(leaning.decision === null ? {} : { decision: leaning.decision.id, purpose: leaning.purpose }),
    ...(task === undefined
      ? await chartContext(source, patient, wish)
      : await requireTask(source, { deployment: deps.deployment, present }, { task, patient, app: wish.app })),
    // The patient line stands above a tile; an own window has nothing above it.
    need_patient_banner: wish.own_window === true,
  }
}

async function chartContext(source: ChartSource, patient: string, { encounter, study }: LaunchWish) {
  const stay =
    encounter === undefined
      ? currentStay(await readStays(source, patient))?.id
      : await requireOwnStay(source, encounter, patient)
  return {
    ...(stay === undefined ? {} : { encounter: stay }),
    ...(study === undefined
      ? {}
      : { fhirContext: [{ reference: `ImagingStudy/${await ownStudy(source, study, patient)}` }] }),
  }
}

async function ownStudy(source: ChartSource, id: string, patient: string): Promise<string> {
  const study = await source.find<ImagingStudy>('ImagingStudy', id)
  return study && idIn(study.subject, 'Patient') === patient
    ? study.id
    : refuse(403, 'study_not_available', 'this study is not the patient’s')
}
