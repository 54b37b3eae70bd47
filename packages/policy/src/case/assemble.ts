import type { Ask } from '#src/decision-point.ts'
import type { CaseFacts, PatientFacts } from '#src/facts.ts'
import { isWellFormed } from './well-formed.ts'
import { contradict } from './contradictions.ts'
import { type Assembly, fault } from './assembly.ts'
import { backendCase } from './backend-case.ts'
import { citizenCase } from './citizen-case.ts'
import { clinicianCase } from './clinician-case.ts'

/** A patient nobody here knows, or nobody cares for: the same facts, so that the two answers cannot be told apart. */
const strangerTo = (patient: string): PatientFacts => ({
  patient,
  epoch: '',
  inCareTeam: false,
  contactUnits: [],
  decisions: [],
  blocks: [],
  self: false,
})

/** The patient a question is about. */
function patientOf({ question, circumstance }: Pick<Ask, 'question' | 'circumstance'>): string | null {
  return 'resource' in question ? question.resource.patient : circumstance.launchPatient
}

/** Turns a question and the facts into the case put to the rules. Pure: the same in gives the same out. */
export function assemble(ask: Ask, facts: CaseFacts, at: Date): Assembly {
  if (!isWellFormed(ask)) return fault('question-malformed')
  if (contradict(facts, ask.subject)) return fault('facts-contradictory')
  const id = patientOf(ask)
  const patient = id === null ? null : (facts.patients.get(id) ?? strangerTo(id))
  switch (ask.subject.kind) {
    case 'clinician':
      return clinicianCase(ask, facts, patient, at)
    case 'citizen':
      return facts.person === null ? fault('person-unknown') : citizenCase(ask, patient, at)
    case 'client':
      // Without the patient's facts nobody knows what is blocked, and no care relation would have to say yes first.
      return id !== null && !facts.patients.has(id) ? fault('patient-unknown') : backendCase(ask, patient, at)
    default:
      return ask.subject.kind satisfies never
  }
}
