import type { AuditedDecision } from '@uthopp/audit/record'
import type { OpenPatient } from './own-case.ts'
import { glassOf } from './relation.ts'

/** By what somebody looks, as the log has it (norway.md §5.1). */
type AuditedBasis = { readonly purpose: string; readonly decision: AuditedDecision | null }

/** Without a decision it is as one of the patient's care team. */
export function basisOf({ facts, leaning }: Pick<OpenPatient, 'facts' | 'leaning'>): AuditedBasis {
  const chosen = leaning.decision ?? facts.decisions.find(({ family }) => family === 'implicit')
  return {
    purpose: chosen?.purpose ?? 'TREAT',
    decision:
      chosen === undefined
        ? null
        : { id: chosen.id, template: chosen.template, userSelected: leaning.decision !== null },
  }
}

/** The lifted block, where one is open: every use of it is written down as such. */
export function glassBasisOf({
  facts,
}: OpenPatient): (AuditedBasis & { readonly decision: AuditedDecision }) | undefined {
  const glass = glassOf(facts)
  return (
    glass && {
      purpose: glass.purpose,
      decision: { id: glass.id, template: glass.template, userSelected: true },
    }
  )
}
