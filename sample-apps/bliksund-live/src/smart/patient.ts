import { listAt, textAt } from './json.ts'

export type Patient = {
  readonly familyName: string
  readonly givenName: string
  readonly birthDate: string | undefined
  readonly gender: string
  /** Fødselsnummer, D-nummer or felles hjelpenummer. */
  readonly nationalId: string | undefined
}

/** Identifier systems of norske basisprofiler (hl7.fhir.no.basis). */
const NATIONAL_IDS = ['1', '2', '3'].map((kind) => `urn:oid:2.16.578.1.12.4.1.4.${kind}`)
const GENDERS = new Map([
  ['male', 'Mann'],
  ['female', 'Kvinne'],
  ['other', 'Annet'],
])

export function parsePatient(resource: unknown): Patient {
  const names = listAt(resource, 'name')
  const name = names.find((candidate) => textAt(candidate, 'use') === 'official') ?? names[0]
  const identifier = listAt(resource, 'identifier').find((candidate) =>
    NATIONAL_IDS.includes(textAt(candidate, 'system') ?? ''),
  )
  return {
    familyName: textAt(name, 'family') ?? '',
    givenName: listAt(name, 'given')
      .filter((part) => typeof part === 'string')
      .join(' '),
    birthDate: textAt(resource, 'birthDate'),
    gender: GENDERS.get(textAt(resource, 'gender') ?? '') ?? 'Ukjent kjønn',
    nationalId: textAt(identifier, 'value'),
  }
}

/** Whole years on a day, both as `yyyy-MM-dd`. */
export function ageOn(birthDate: string, day: string): number | undefined {
  const years = Number(day.slice(0, 4)) - Number(birthDate.slice(0, 4))
  if (!Number.isInteger(years)) return undefined
  return day.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** The patient line of Norwegian records: «BERG, Solveig 198543 49034 – 82 år – Kvinne». */
export function patientLine(patient: Patient, day: string): string {
  const name = [patient.familyName.toLocaleUpperCase('nb-NO'), patient.givenName].filter(Boolean).join(', ')
  const id = patient.nationalId ? `${patient.nationalId.slice(0, 6)} ${patient.nationalId.slice(6)}` : ''
  const age = patient.birthDate ? ageOn(patient.birthDate, day) : undefined
  return [[name || 'Ukjent navn', id].filter(Boolean).join(' '), age === undefined ? '' : `${age} år`, patient.gender]
    .filter(Boolean)
    .join(' – ')
}
