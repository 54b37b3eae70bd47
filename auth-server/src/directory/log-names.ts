import type { PatientName, PlaceName, RoleName, StaffName } from '@uthopp/audit/names'
import type { LogNames } from '#src/audit/log-names.ts'

type Members = Readonly<Record<string, unknown>>

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

function mapOf<T>(value: unknown, read: (members: Members) => T): ReadonlyMap<string, T> {
  const entries = Array.isArray(value) ? value.map(membersOf) : []
  return new Map(entries.flatMap((one) => (typeof one['id'] === 'string' ? [[one['id'], read(one)] as const] : [])))
}

function placeOf(value: unknown): PlaceName | null {
  const { id, name, enh, resh } = membersOf(value)
  return typeof id === 'string' && typeof name === 'string' ? { id, name, enh: textOf(enh), resh: textOf(resh) } : null
}

const staffOf = (one: Members): StaffName => {
  const { code, text } = membersOf(one['profession'])
  return {
    family: textOf(one['family']),
    given: textOf(one['given']),
    nationalId: textOf(one['national_id']),
    hpr: textOf(one['hpr']),
    profession: typeof code === 'string' && typeof text === 'string' ? { code, text } : null,
  }
}
const roleOf = (one: Members): RoleName => ({
  title: textOf(one['title']),
  department: placeOf(one['department']),
  location: placeOf(one['location']),
})
const patientOf = (one: Members): PatientName => ({ family: textOf(one['family']), given: textOf(one['given']) })

/** What the directory answers about the ids of a log; whoever it does not know is left out. */
export function readLogNames(value: unknown): LogNames {
  const { staff, roles, patients } = membersOf(value)
  return { staff: mapOf(staff, staffOf), roles: mapOf(roles, roleOf), patients: mapOf(patients, patientOf) }
}

export const readIdentified = (value: unknown): string | undefined => textOf(membersOf(value)['patient']) ?? undefined
