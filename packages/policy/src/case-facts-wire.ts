import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import {
  BLOCK_KINDS,
  type CareDecision,
  type CaseFacts,
  type FactsAsked,
  type PatientFacts,
  ROLE_KINDS,
} from './facts.ts'
import { choice, filled, flag, instant, list, nullable, object, optional, text } from './json-reading.ts'

const ROLE = object({
  id: filled,
  kind: choice(ROLE_KINDS),
  acute: flag,
  unit: filled,
  units: list(filled, 200),
  department: text,
  organization: text,
})

const PERSON = object({
  id: filled,
  kind: choice(['clinician', 'citizen']),
  employed: flag,
  licence: nullable(object({ active: flag, profession: filled })),
  role: nullable(ROLE),
})

const DECISION = object({
  id: filled,
  template: filled,
  family: choice(['implicit', 'explicit']),
  patient: filled,
  purpose: filled,
  valid_from: instant,
  valid_until: optional(nullable(instant), null),
  elements: list(filled, 200),
  items: list(filled, 200),
  user_selected: flag,
  self_selected: flag,
})

const PATIENT = object({
  patient: filled,
  epoch: filled,
  in_care_team: flag,
  contact_units: list(filled, 200),
  self: flag,
  decisions: list(DECISION, 500),
  blocks: list(object({ id: filled, kind: choice(BLOCK_KINDS), target: text }), 500),
})

const CASE = object({ at: instant, user: nullable(PERSON), patients: list(PATIENT, 200) })

/** Reads the host's answer strictly: every member is there and none is unknown, for a fact that is misread may open something. */
export function parseCaseFacts(body: unknown, asked: FactsAsked): CaseFacts | Problem {
  const read = CASE(body, '')
  if (isProblem(read)) return read
  const { user, at } = read
  if ((user === null) !== (asked.user === null) || (user !== null && user.id !== asked.user))
    return problem('user', 'the facts are about somebody else')
  const wanted = new Set(asked.patients)
  const patients = new Map<string, PatientFacts>()
  for (const each of read.patients) {
    if (!wanted.has(each.patient) || patients.has(each.patient))
      return problem('patients', 'the facts are about patients not asked for, or twice about one')
    patients.set(each.patient, {
      patient: each.patient,
      epoch: each.epoch,
      inCareTeam: each.in_care_team,
      contactUnits: each.contact_units,
      self: each.self,
      decisions: each.decisions.map(decisionOf),
      blocks: each.blocks,
    })
  }
  const person =
    user === null
      ? null
      : { user: user.id, kind: user.kind, employed: user.employed, licence: user.licence, role: user.role }
  return { at, person, patients }
}

type DecisionRead = Exclude<ReturnType<typeof DECISION>, Problem>

const decisionOf = (read: DecisionRead): CareDecision => ({
  id: read.id,
  template: read.template,
  family: read.family,
  patient: read.patient,
  purpose: read.purpose,
  validFrom: read.valid_from,
  validUntil: read.valid_until,
  elements: read.elements,
  items: read.items,
  userSelected: read.user_selected,
  selfSelected: read.self_selected,
})
