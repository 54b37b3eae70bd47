import type { Answer } from '@uthopp/policy/answer'
import type { Ask } from '@uthopp/policy/decision-point'
import type { Circumstance, Question } from '@uthopp/policy/question'
import { childTraceparent, type Trace } from '@uthopp/server-kit/trace'
import { assuranceOf } from '#src/session/assurance.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'

type Deps = Pick<SurfaceDeps, 'deployment' | 'tenant' | 'policy'>
/** Who is at the screen, and which patient is on it. */
export type Situation = {
  readonly present: Pick<OnDuty, 'user' | 'role'>
  readonly patient: string
  readonly trace: Trace
}
/** By what: a purpose, and the decision chosen for it, by id. */
export type Basis = { readonly purpose: string; readonly decision: string | null }

/** The host in its own name: no app is in between, so nothing is limited by scopes. */
function circumstanceOf({ deployment, tenant }: Deps, { patient, trace }: Situation, basis: Basis): Circumstance {
  return {
    tenant,
    clientId: 'host',
    zone: 'internal',
    mayWrite: false,
    senderConstrained: true,
    launchBound: true,
    launchPatient: patient,
    grants: ['*.r', '*.s'],
    acr: assuranceOf(deployment),
    purpose: basis.purpose,
    decision: basis.decision,
    correlationId: trace.traceId,
    traceparent: childTraceparent(trace),
  }
}

/** Puts questions about one patient to the decision point; what it does not answer is a refusal. */
export async function askPolicy(
  deps: Deps,
  situation: Situation,
  basis: Basis,
  questions: readonly Question[],
): Promise<readonly (Answer | undefined)[]> {
  if (questions.length === 0) return []
  const { user, role } = situation.present
  const subject = { kind: 'clinician', id: user.id, role: role.id } as const
  const circumstance = circumstanceOf(deps, situation, basis)
  const asks = questions.map((question): Ask => ({ subject, circumstance, question }))
  const answers = await deps.policy.decideAll(asks)
  return questions.map((_, index) => answers[index])
}

/**
 * What is done of itself where something is shown: a look is written down before it is answered, and every look is decided
 * anew. A chart can leave a resource out, and nothing else: what must be masked or filtered is not shown.
 */
const DONE_HERE: ReadonlySet<string> = new Set(['audit', 'max-age', 'banner'])

/** A permit to show something, with nothing owed that a chart cannot do (AZ-46). */
export const isPermit = (answer: Answer | undefined): boolean =>
  answer?.effect === 'permit' && answer.obligations.every(({ type }) => DONE_HERE.has(type))
