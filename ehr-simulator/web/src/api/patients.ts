import { boolean, instant, listOf, nullable, number, oneOf, record, text, type Reader } from './read.ts'

/** What every list and the patient line need to name one person. */
export type PatientFace = {
  readonly id: string
  readonly family: string
  readonly given: string
  readonly birthDate: string
  readonly gender: 'female' | 'male' | 'other' | 'unknown'
  /** National identity number, or a temporary help number; null when the person is unknown. */
  readonly number: { readonly kind: 'fnr' | 'dnr' | 'fhn'; readonly value: string } | null
  readonly hasAllergy: boolean
  readonly hasCriticalInfo: boolean
}

/** One row of the unit's patient list. */
export type PatientRow = {
  readonly patient: PatientFace
  readonly place: string
  readonly status: 'underway' | 'present' | 'planned'
  readonly reason: string
  readonly admitted: Date | null
  readonly news2: { readonly score: number; readonly at: Date; readonly three: boolean } | null
  readonly next: { readonly what: string; readonly at: Date } | null
}

export type UnitFace = { readonly name: string; readonly now: Date; readonly patients: readonly PatientRow[] }

export const readPatient: Reader<PatientFace> = record<PatientFace>({
  id: text,
  family: text,
  given: text,
  birthDate: text,
  gender: oneOf('female', 'male', 'other', 'unknown'),
  number: nullable(record<NonNullable<PatientFace['number']>>({ kind: oneOf('fnr', 'dnr', 'fhn'), value: text })),
  hasAllergy: boolean,
  hasCriticalInfo: boolean,
})

const readRow = record<PatientRow>({
  patient: readPatient,
  place: text,
  status: oneOf('underway', 'present', 'planned'),
  reason: text,
  admitted: nullable(instant),
  news2: nullable(record<NonNullable<PatientRow['news2']>>({ score: number, at: instant, three: boolean })),
  next: nullable(record<NonNullable<PatientRow['next']>>({ what: text, at: instant })),
})

export const readUnit: Reader<UnitFace> = record<UnitFace>({ name: text, now: instant, patients: listOf(readRow) })
