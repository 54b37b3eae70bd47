import { isProblem, type Problem, problem } from '../problem.ts'
import type { Negotiation } from '../negotiate.ts'
import { parseScope } from '../scope/scope.ts'
import type { AuthorizedLaunch, GrantId, LaunchContext, LaunchRequest, LaunchTicket } from './launch.ts'

/**
 * Stages 5 and 6 of an EHR launch: the redeemed ticket answers everything the request left open.
 *
 * The ticket's word about client and trust is checked again here although the store's statement has matched them: a
 * context that mixes two launches must not exist (SAL-41, SAL-42).
 */
export function completeEhrContext(
  ticket: LaunchTicket,
  request: LaunchRequest,
  fhirUser: string,
): LaunchContext | Problem {
  const { intent } = ticket
  if (request.handle === null) return problem('launch', 'a request without a handle is no EHR launch')
  if (intent.clientId !== request.clientId) return problem('launch', 'the launch was offered to another client')
  if (ticket.tenant !== request.tenant) return problem('launch', 'the launch belongs to another trust')
  return {
    stage: 'context',
    kind: 'ehr',
    tenant: ticket.tenant,
    clientId: intent.clientId,
    audience: request.audience,
    user: intent.user,
    fhirUser,
    role: intent.role,
    patient: intent.patient,
    encounter: intent.encounter,
    fhirContext: intent.fhirContext,
    intent: intent.intent,
    appContext: intent.appContext,
    needPatientBanner: intent.needPatientBanner,
    smartStyleUrl: intent.smartStyleUrl,
    decision: intent.decision,
    purpose: intent.purpose,
    acr: intent.acr,
    session: intent.session,
    workspace: intent.workspace,
    launchId: ticket.launchId,
  }
}

/**
 * Stage 7: puts what was negotiated beside the context it was negotiated for.
 *
 * An empty grant is a denial (SAL-84), and nothing about a patient is granted without one (SAL-50, SAL-93).
 */
export function authorizeLaunch(
  context: LaunchContext,
  negotiation: Negotiation,
  grantId: GrantId,
): AuthorizedLaunch | Problem {
  const [first, ...rest] = negotiation.granted
  if (first === undefined) return problem('scope', 'nothing that was asked for can be granted')
  const aboutPatient = negotiation.granted.some((text) => {
    const scope = parseScope(text)
    return !isProblem(scope) && scope.kind === 'resource' && scope.level === 'patient'
  })
  if (aboutPatient && context.patient === null) return problem('scope', 'a patient/ scope needs a patient in context')
  return { stage: 'authorized', grantId, context, granted: [first, ...rest], withheld: negotiation.withheld }
}
