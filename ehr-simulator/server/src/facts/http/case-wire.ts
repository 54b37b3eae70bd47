import type { Block, CareDecision, CaseFacts, PatientFacts, PersonFacts } from '@uthopp/policy/facts'
import { list, type MemberReader, nullable, readMembers, text } from '@uthopp/server-kit/members'
import { type FhirId, parseFhirId } from '@uthopp/smart-core/fhir-id'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { AskedCase } from '../care-facts.ts'

/** As many as one search of the gateway may bring back. */
const MOST_PATIENTS = 200

export const fhirId: MemberReader<FhirId> = (value, name) => {
  const id = typeof value === 'string' ? parseFhirId(value) : undefined
  return id === undefined || isProblem(id) ? problem(name, `\`${name}\` must be a FHIR id`) : id
}

/** A moment, written in full: date, time and offset. */
export const instant: MemberReader<Date> = (value, name) => {
  const at = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : new Date(Number.NaN)
  return Number.isNaN(at.getTime()) ? problem(name, `\`${name}\` must be an instant`) : at
}
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

const CASE = {
  required: { user: nullable(text) },
  optional: { role: nullable(text), patients: list(fhirId, MOST_PATIENTS) },
}

export function parseCase(json: unknown): AskedCase | Problem {
  const read = readMembers(json, CASE)
  if (isProblem(read)) return read
  return { user: read.user, role: read.role ?? null, patients: read.patients ?? [] }
}

const personWire = ({ user, kind, employed, licence, role }: PersonFacts) => ({
  id: user,
  kind,
  employed,
  licence,
  role,
})

const decisionWire = (decision: CareDecision) => ({
  id: decision.id,
  template: decision.template,
  family: decision.family,
  patient: decision.patient,
  purpose: decision.purpose,
  valid_from: decision.validFrom.toISOString(),
  ...(decision.validUntil === null ? {} : { valid_until: decision.validUntil.toISOString() }),
  elements: decision.elements,
  items: decision.items,
  user_selected: decision.userSelected,
  self_selected: decision.selfSelected,
})

export const blockWire = ({ id, kind, target }: Block) => ({ id, kind, target })

const patientWire = (facts: PatientFacts) => ({
  patient: facts.patient,
  epoch: facts.epoch,
  in_care_team: facts.inCareTeam,
  contact_units: facts.contactUnits,
  self: facts.self,
  decisions: facts.decisions.map(decisionWire),
  blocks: facts.blocks.map(blockWire),
})

export const formatCase = ({ person, patients, at }: CaseFacts) => ({
  at: at.toISOString(),
  user: person && personWire(person),
  patients: [...patients.values()].map(patientWire),
})
