import type { CareDecision, PatientFacts } from '@uthopp/policy/facts'

/** What an access leans on: what follows from work as it is organised, or what somebody chose for themselves. */
export type Leaning = { readonly purpose: string; readonly decision: CareDecision | null }

const GLASS = 'BTG'

/** Whether somebody may open a patient's chart at all, and by what. What is shown of it is policy's. */
export function leaningOf(patient: PatientFacts): Leaning | undefined {
  const ordinary = patient.decisions.filter(({ template }) => template !== GLASS)
  if (patient.inCareTeam || ordinary.some(({ family }) => family === 'implicit')) {
    // Policy finds the best of them; an emergency or a choice of one's own is never among them.
    return { purpose: 'TREAT', decision: null }
  }
  // The latest choice is the one that was meant.
  const [chosen] = ordinary.toSorted((a, b) => b.validFrom.getTime() - a.validFrom.getTime())
  return chosen && { purpose: chosen.purpose, decision: chosen }
}

/** The lifted block that is open now. */
export const glassOf = ({ decisions }: PatientFacts): CareDecision | undefined =>
  decisions.find(({ template }) => template === GLASS)

/** The same patient as if no block had been lifted. */
export const withoutGlass = (facts: PatientFacts): PatientFacts => ({
  ...facts,
  decisions: facts.decisions.filter(({ template }) => template !== GLASS),
})
