import { patients } from './patients.ts'
import type { SeededPatient, StaffMember } from './person.ts'
import { staff } from './staff.ts'
import { AHUS, OUS } from './units.ts'

/** Signs in every seeded person of the demo world; stored hashed by the directory. */
export const DEMO_PASSWORD = 'uthopp-demo'

/** Whom the launcher and a careless script get when they name nobody; the patient is in that role's care. */
export type Defaults = { readonly user: string; readonly role: string; readonly patient: string }

/** A patient's own sign-in; the subject is the Patient id. */
export type Citizen = { readonly username: string; readonly patient: string }

const defaults: ReadonlyMap<string, Defaults> = new Map([
  [OUS, { user: 'stf101', role: 'agb101', patient: 'cdp1004' }],
  [AHUS, { user: 'stf201', role: 'agb201', patient: 'cdp2003' }],
])

export const staffOf = (orgnr: string): readonly StaffMember[] => staff.filter(({ trust }) => trust === orgnr)

export const patientsOf = (orgnr: string): readonly SeededPatient[] => patients.filter(({ trust }) => trust === orgnr)

export const citizensOf = (orgnr: string): readonly Citizen[] =>
  patientsOf(orgnr).flatMap(({ citizenUsername, patient }) =>
    citizenUsername === null ? [] : [{ username: citizenUsername, patient }],
  )

/** Undefined for a trust that has no seeded people. */
export const defaultsOf = (orgnr: string): Defaults | undefined => defaults.get(orgnr)
