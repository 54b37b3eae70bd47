import type { ContextAnswer, ContextQuestion, Encounter, Patient, PatientRecord, Person, Role } from './directory.ts'

type Members = Readonly<Record<string, unknown>>

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function listOf<T>(value: unknown, read: (entry: unknown) => T | undefined): readonly T[] {
  return Array.isArray(value) ? value.flatMap((entry) => read(entry) ?? []) : []
}

function readRole(value: unknown): Role | undefined {
  const { id, name } = membersOf(value)
  return typeof id === 'string' && typeof name === 'string' ? { id, name } : undefined
}

/** Only the word `true` counts as yes: whatever else the directory answers denies. */
export function readContextAnswer(value: unknown, question: ContextQuestion): ContextAnswer {
  const { user, role, patient, encounter, references, roles } = membersOf(value)
  const known = membersOf(references)
  return {
    user: user === true,
    role: role === true,
    patient: patient === true,
    encounter: encounter === true,
    unknownReferences: question.references.filter((reference) => known[reference] !== true),
    roles: listOf(roles, readRole),
  }
}

/** A person of a kind we do not know is nobody. */
export function readPerson(value: unknown): Person | undefined {
  const { id, kind, name, roles } = membersOf(membersOf(value)['user'])
  if (typeof id !== 'string' || typeof name !== 'string') return undefined
  if (kind !== 'staff' && kind !== 'citizen') return undefined
  return { id, kind, name, roles: listOf(roles, readRole) }
}

function readPatient(value: unknown): Patient | undefined {
  const { id, name, birthDate } = membersOf(value)
  return typeof id === 'string' && typeof name === 'string' ? { id, name, birthDate: textOf(birthDate) } : undefined
}

export const readPatients = (value: unknown): readonly Patient[] => listOf(membersOf(value)['patients'], readPatient)

function readEncounter(value: unknown): Encounter | undefined {
  const { id, class: kind, status, start } = membersOf(value)
  return typeof id === 'string' ? { id, kind: textOf(kind), status: textOf(status), start: textOf(start) } : undefined
}

export function readPatientRecord(value: unknown): PatientRecord | undefined {
  const patient = readPatient(value)
  return patient && { ...patient, encounters: listOf(membersOf(value)['encounters'], readEncounter) }
}
