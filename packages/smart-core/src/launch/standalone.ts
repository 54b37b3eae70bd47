import type { FhirId } from '../fhir-id.ts'
import { type Problem, problem } from '../problem.ts'
import type { LaunchContext, LaunchRequest } from './launch.ts'

/** Who signed in at the authorization server, and what they chose there. */
export type StandaloneAnswers = {
  readonly user: FhirId
  /** Absolute address of the user's own resource; `null` when there is none. */
  readonly fhirUser: string | null
  readonly role: FhirId | null
  readonly patient: FhirId | null
  readonly encounter: FhirId | null
}

/**
 * Stage 6 of a standalone launch: no host said anything, so the person's answers are the whole context.
 *
 * The banner is always asked for, because no host shows one around the app (SAL-96).
 */
export function completeStandaloneContext(request: LaunchRequest, answers: StandaloneAnswers): LaunchContext | Problem {
  if (request.handle !== null) return problem('launch', 'a request with a handle is an EHR launch')
  // SAL-95: an encounter is somebody's.
  if (answers.encounter !== null && answers.patient === null)
    return problem('encounter', 'an encounter comes with its patient')
  return {
    stage: 'context',
    kind: 'standalone',
    tenant: request.tenant,
    clientId: request.clientId,
    audience: request.audience,
    user: answers.user,
    fhirUser: answers.fhirUser,
    role: answers.role,
    patient: answers.patient,
    encounter: answers.encounter,
    fhirContext: [],
    intent: null,
    appContext: null,
    needPatientBanner: true,
    smartStyleUrl: null,
    decision: null,
    purpose: null,
    acr: 0,
    session: null,
    workspace: null,
    launchId: null,
  }
}
