import type { Answer, Book, PatientFacts, PersonFacts, WhatIfAnswer } from '../api/decisions.ts'
import { groundText } from './grounds.ts'

/** What somebody wants to know, as the page holds it; empty strings mean "not said". */
export type Case = {
  readonly tenant: string
  readonly clientId: string
  readonly user: string
  readonly role: string
  readonly patient: string
  readonly purpose: string
  readonly acr: string
  /** Local time; empty: now. */
  readonly at: string
}

/** Rules of the candidate by id; null leaves one out. */
export type Change = Readonly<Record<string, string | null>>

export const PURPOSES = ['TREAT', 'ETREAT', 'COC', 'BTG'] as const

const NAMES = ['tenant', 'clientId', 'user', 'role', 'patient', 'purpose', 'acr', 'at'] as const

/** The case of an address, so that it can be sent to a colleague; what the address leaves open is as given. */
export function readCase(query: string, otherwise: Case): Case {
  const said = new URLSearchParams(query)
  return Object.fromEntries(NAMES.map((name) => [name, said.get(name) ?? otherwise[name]])) as Case // each name is one of its members
}

export const formatCase = (asked: Case): string =>
  `?${new URLSearchParams([['page', 'what-if'], ...NAMES.map((name): [string, string] => [name, asked[name]])]).toString()}`

export function whatIfBody(asked: Case, change: Change): Readonly<Record<string, unknown>> {
  const { tenant, clientId, user, role, patient, purpose, acr, at } = asked
  return {
    tenant,
    client_id: clientId,
    user,
    patient: patient === '' ? null : patient,
    acr: Number(acr),
    ...(role === '' ? {} : { role }),
    ...(purpose === '' ? {} : { purpose }),
    ...(at === '' ? {} : { at: instantOf(at) }),
    ...(Object.keys(change).length === 0 ? {} : { rules: change }),
  }
}

/** What cannot be read is sent as it is, so that the server says what is wrong with it. */
function instantOf(at: string): string {
  const instant = new Date(at)
  return Number.isNaN(instant.getTime()) ? at : instant.toISOString()
}

/** One question beside the answers of both books. */
export type Row = {
  readonly name: string
  readonly serving: Answer | undefined
  readonly candidate: Answer | undefined
  /** `effect`: somebody gains or loses access. `rules`: the same answer by other rules. */
  readonly differs: 'effect' | 'rules' | undefined
}

const answersOf = (book: Book | undefined): readonly Answer[] =>
  book?.problem === undefined ? (book?.answers ?? []) : []

export function rowsOf({ serving, candidate }: WhatIfAnswer): readonly Row[] {
  const others = new Map(answersOf(candidate).map((answer) => [answer.name, answer]))
  return answersOf(serving).map((answer) => {
    const other = others.get(answer.name)
    return { name: answer.name, serving: answer, candidate: other, differs: other && differenceOf(answer, other) }
  })
}

function differenceOf(one: Answer, other: Answer): Row['differs'] {
  if (one.effect !== other.effect) return 'effect'
  return one.rules.join() === other.rules.join() ? undefined : 'rules'
}

type UnitName = (id: string) => string

/** What the answers stand on, in a line each. */
export const personLine = (person: PersonFacts | null, unitName: UnitName): string => {
  if (person === null) return 'The host does not know this person.'
  const { role, licence, employed } = person
  const parts = [
    role === null ? 'does not hold this role' : `${role.kind} at ${unitName(role.unit)}${role.acute ? ', acute' : ''}`,
    licence === null ? 'no licence' : `licence ${licence.profession} ${licence.active ? 'active' : 'not active'}`,
    employed ? 'employed' : 'not employed',
  ]
  return parts.join('; ')
}

export function patientLine({ inCareTeam, contactUnits, decisions, blocks }: PatientFacts, unitName: UnitName): string {
  const parts = [
    inCareTeam ? 'in the care team' : 'not in the care team',
    contactUnits.length === 0 ? 'in no unit' : `in contact with ${contactUnits.map(unitName).join(', ')}`,
    decisions.length === 0
      ? 'no decision'
      : `decisions ${decisions.map(({ template }) => groundText(template)).join(', ')}`,
    blocks.length === 0 ? 'nothing blocked' : `blocks: ${blocks.map(({ kind }) => kind).join(', ')}`,
  ]
  return parts.join('; ')
}
