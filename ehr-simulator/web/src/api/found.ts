import { readPatient, type PatientFace } from './patients.ts'
import { boolean, instant, listOf, record, type Reader } from './read.ts'

/** Somebody found in the whole trust; `open` tells whether there is a relation to lean on already. */
export type FoundPatient = { readonly patient: PatientFace; readonly open: boolean }
export type Found = { readonly now: Date; readonly patients: readonly FoundPatient[]; readonly more: boolean }

export const readFound: Reader<Found> = record<Found>({
  now: instant,
  patients: listOf(record<FoundPatient>({ patient: readPatient, open: boolean })),
  more: boolean,
})
