import type { PatientFacts } from '@uthopp/policy/facts'
import { findTemplate } from '#src/facts/templates.ts'
import type { TakenDecision } from '#src/facts/taken-decisions.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import type { SurfaceDeps } from '../surface-deps.ts'
import { takenFace } from './taken-face.ts'

export const isRenewable = ({ template, renewal }: Pick<TakenDecision, 'template' | 'renewal'>): boolean =>
  renewal === null && findTemplate(template)?.renewable === true

/** What the person gave themselves for this patient and still has. */
export async function readTakenFaces({ facts: rooms }: SurfaceDeps, present: OnDuty, { patient }: PatientFacts) {
  const now = rooms.now()
  const live = await rooms.decisions.liveOf({ user: present.user.id, role: present.role.id }, [patient], now)
  const own = live.filter(({ selfSelected }) => selfSelected)
  return own.map((taken) => takenFace(taken, isRenewable(taken)))
}
