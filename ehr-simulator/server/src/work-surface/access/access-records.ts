import type { Answer } from '@uthopp/policy/answer'
import type { Trace } from '@uthopp/server-kit/trace'
import { clinician, type HostActivity } from '#src/audit/audit-writer.ts'
import type { Also } from '#src/facts/storage/decisions.ts'
import type { TakenDecision } from '#src/facts/taken-decisions.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import type { Situation } from './ask-policy.ts'
import type { Choice } from './may-choose.ts'

/** INVARIANT: an access and its record are one transaction, so that no process dies between the two. */
export const recordedAs =
  (deps: SurfaceDeps, present: OnDuty, told: Told, trace: Trace): Also =>
  (inside, decision) =>
    deps.audit.write(takenActivity(present, decision, told, trace), inside)

/** What the record of a decision says beside the decision itself: what was done, and who is to hear of it. */
type Told = {
  readonly activity: HostActivity['activity']
  readonly notified: readonly string[]
  readonly answer: Answer | undefined
}

const takenActivity = (
  present: OnDuty,
  { id, patient, template, purpose, items, validUntil, renewal }: TakenDecision,
  { activity, notified, answer }: Told,
  trace: Trace,
): HostActivity => ({
  activity,
  actor: clinician(present.user.id, present.role.id),
  trace,
  patient,
  purpose,
  decision: { id, template, userSelected: true },
  answer,
  detail: {
    until: validUntil.toISOString(),
    renewed: renewal !== null,
    ...(items.length > 0 ? { items } : {}),
    ...(notified.length > 0 ? { notified } : {}),
  },
})

/** A choice that came to nothing. What policy said of it is told where policy said no. */
export const refusedActivity = (
  { present, patient, trace }: Omit<Situation, 'patient'> & { readonly patient: string | null },
  code: string,
  choice: Choice | null,
  activity: HostActivity['activity'] = 'self-authorization-refused',
): HostActivity => ({
  activity,
  outcome: 'refused',
  actor: clinician(present.user.id, present.role.id),
  trace,
  patient,
  answer: choice?.kind === 'denied' ? choice.answer : undefined,
  detail: { code },
})
