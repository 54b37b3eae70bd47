import type { PatientFace } from '../api/patients.ts'
import { osloDay } from './dates.ts'

type Named = Pick<PatientFace, 'family' | 'given'>

/** `BERG, Solveig` */
export const formatPatientName = ({ family, given }: Named): string =>
  [family.toLocaleUpperCase('nb'), given].filter((part) => part !== '').join(', ')

/** `Nordmann, Eva`, as staff are named. */
export const formatStaffName = ({ family, given }: Named): string =>
  [family, given].filter((part) => part !== '').join(', ')

/** `Sykepleier, Sengepost 4B`: many roles carry their unit in their own name, which is then said once. */
export const formatRole = ({ name, unit }: { readonly name: string; readonly unit: string }): string =>
  unit === '' ? name : `${name.split(',')[0] ?? name}, ${unit}`

/**
 * `198543 49034`: the number as it is, in the two groups everybody reads it in.
 *
 * Its first group is not always the day of birth: synthetic numbers carry month + 80 and D-numbers day + 40, and a number
 * made readable by putting the real date in would be somebody else's. A help number has no groups.
 */
export function formatPatientNumber({ number }: Pick<PatientFace, 'number'>): string {
  if (number === null) return 'uten nummer'
  return number.kind === 'fhn' ? number.value : `${number.value.slice(0, 6)} ${number.value.slice(6)}`
}

/** Whole years on this day in Oslo; small children are counted in months, as wards do. */
export function formatAge(birthDate: string, now: Date): string {
  const [year, month, day] = birthDate.split('-').map(Number)
  if (!year) return 'ukjent alder'
  const [thisYear = 0, thisMonth = 1, today = 1] = osloDay(now).split('-').map(Number)
  const months = (thisYear - year) * 12 + (thisMonth - (month ?? 1)) - (today < (day ?? 1) ? 1 : 0)
  return months < 24 ? `${Math.max(0, months)} mnd` : `${Math.floor(months / 12)} år`
}

const GENDERS = { female: 'Kvinne', male: 'Mann', other: 'Annet', unknown: 'Ukjent kjønn' } as const

export const formatGender = (gender: PatientFace['gender']): string => GENDERS[gender]

/** `BERG, Solveig 198543 49034 – 83 år – Kvinne` */
export const formatPatientLine = (patient: PatientFace, now: Date): string =>
  `${formatPatientName(patient)} ${formatPatientNumber(patient)} – ${formatAge(patient.birthDate, now)} – ${formatGender(patient.gender)}`
