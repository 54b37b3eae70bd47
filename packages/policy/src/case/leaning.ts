import type { CareDecision, CaseFacts, PatientFacts } from '#src/facts.ts'
import type { Circumstance } from '#src/question.ts'

/** What the case leans on: at most one decision, and the purpose that follows. */
export type Leaning = {
  readonly purpose: string
  readonly care: CareDecision | null
  readonly glass: CareDecision | null
}
export type LeaningFault = 'purpose-missing' | 'purpose-not-held' | 'decision-expired' | 'decision-foreign'

export const GLASS_TEMPLATE = 'BTG'
/** Never leant on unless somebody chose it or the launch is an emergency: self-authorised access is never silent. */
const EMERGENCY_TEMPLATE = 'BLAALYS'
const EMERGENCIES: ReadonlySet<string> = new Set(['ETREAT', 'BTG'])
const SILENT: ReadonlySet<string> = new Set(['TREAT', 'COC', 'ETREAT'])

const isLive = ({ validFrom, validUntil }: CareDecision, at: Date): boolean =>
  validFrom <= at && (validUntil === null || at < validUntil)

const covers = ({ elements }: CareDecision, type: string): boolean => elements.includes('*') || elements.includes(type)

/**
 * Chooses the decision a case leans on: the one named with the launch, or else the best that is live.
 *
 * A launch that said `TREAT` may mean "nothing special", so the decision's own purpose counts then; an emergency is
 * never inferred, and one that no decision carries is not held.
 */
export function chooseLeaning(
  circumstance: Pick<Circumstance, 'purpose' | 'decision'>,
  patient: PatientFacts,
  facts: CaseFacts,
  type: string,
  at: Date,
): Leaning | LeaningFault {
  const { purpose, decision: name } = circumstance
  if (purpose === null) return 'purpose-missing'
  if (name !== null) {
    const named = patient.decisions.find(({ id }) => id === name)
    if (named === undefined) {
      const known = [...facts.patients.values()].some(({ decisions }) => decisions.some(({ id }) => id === name))
      return known ? 'decision-foreign' : 'decision-expired'
    }
    return isLive(named, at) ? leanOnNamed(purpose, named) : 'decision-expired'
  }
  const live = patient.decisions.filter((decision) => isLive(decision, at))
  if (purpose === 'BTG') {
    const glass = live.find(({ template }) => template === GLASS_TEMPLATE)
    return glass === undefined ? 'purpose-not-held' : { purpose, care: null, glass }
  }
  const candidates = live.filter((decision) =>
    purpose === 'ETREAT'
      ? decision.purpose === 'ETREAT'
      : SILENT.has(decision.purpose) && decision.template !== EMERGENCY_TEMPLATE,
  )
  if (purpose === 'ETREAT' && candidates.length === 0) return 'purpose-not-held'
  const care = candidates.toSorted((one, other) => rank(other, purpose, type) - rank(one, purpose, type))[0] ?? null
  return { purpose: purpose === 'TREAT' && care !== null ? care.purpose : purpose, care, glass: null }
}

function leanOnNamed(purpose: string, named: CareDecision): Leaning | LeaningFault {
  const opens = named.template === GLASS_TEMPLATE
  if (opens !== (purpose === 'BTG')) return 'purpose-not-held'
  if (opens) return { purpose, care: null, glass: named }
  if (EMERGENCIES.has(purpose) && named.purpose !== purpose) return 'purpose-not-held'
  // Learning and research are what they are, whatever an app says it is for.
  const counts = purpose === 'TREAT' || !SILENT.has(named.purpose)
  return { purpose: counts ? named.purpose : purpose, care: named, glass: null }
}

function rank(decision: CareDecision, purpose: string, type: string): number {
  const ordered = [
    covers(decision, type),
    decision.purpose === purpose,
    decision.family === 'implicit',
    !decision.selfSelected,
    decision.elements.includes('*'),
    decision.validUntil === null,
  ]
  return ordered.reduce((sum, holds) => sum * 2 + (holds ? 1 : 0), 0)
}
