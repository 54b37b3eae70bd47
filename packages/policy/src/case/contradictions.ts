import type { CareDecision, CaseFacts, PatientFacts } from '#src/facts.ts'
import type { Subject } from '#src/question.ts'
import { GLASS_TEMPLATE } from './leaning.ts'

/** Volven 9060: dentists are physicians where access is concerned. */
const PHYSICIANS: ReadonlySet<string> = new Set(['LE', 'TL'])

/** Facts that cannot both be true are worse than none: somebody's register is wrong, and nothing may be built on it. */
export function contradict(facts: CaseFacts, subject: Subject): boolean {
  const { person } = facts
  if (subject.kind === 'client' ? person !== null : person !== null && !speaksOf(person, subject)) return true
  return [...facts.patients].some(([key, patient]) => patient.patient !== key || !consistent(patient))
}

function speaksOf(person: NonNullable<CaseFacts['person']>, subject: Subject): boolean {
  if (person.user !== subject.id || person.kind !== subject.kind) return false
  const { role, licence } = person
  if (role === null) return true
  if (role.id !== subject.role || !role.units.includes(role.unit)) return false
  return role.kind !== 'physician' || licence === null || PHYSICIANS.has(licence.profession)
}

function consistent(patient: PatientFacts): boolean {
  const ids = patient.decisions.map(({ id }) => id)
  return new Set(ids).size === ids.length && patient.decisions.every((decision) => holdsTogether(decision, patient))
}

function holdsTogether(decision: CareDecision, { patient }: PatientFacts): boolean {
  const { template, purpose, items, validFrom, validUntil } = decision
  if (decision.patient !== patient || (validUntil !== null && validUntil <= validFrom)) return false
  const opens = template === GLASS_TEMPLATE
  if (opens !== (purpose === 'BTG') || opens !== items.length > 0) return false
  if (opens && validUntil === null) return false
  return template !== 'BLAALYS' || (purpose === 'ETREAT' && validUntil !== null)
}
