import type { RoleKind } from '@uthopp/policy/facts'
import type { TrustNumber } from './units.ts'

/** Volven 9060, the professions this seed uses (norway.md §4.3). */
export const professions = {
  LE: 'Lege',
  SP: 'Sykepleier',
  KE: 'Klinisk ernæringsfysiolog',
  AA: 'Ambulansearbeider',
  HE: 'Helsesekretær',
  XX: 'Ukjent/uspesifisert',
} as const
type Profession = keyof typeof professions

/** What every seeded person has. `fnr` is synthetic: month + 80. */
export type Person = {
  readonly trust: TrustNumber
  readonly family: string
  readonly given: string
  readonly gender: 'female' | 'male'
  readonly birthDate: string
  readonly fnr: string
}

/** A post at one trust. Its id is the PractitionerRole's. */
export type StaffRole = {
  readonly role: string
  readonly name: string
  /** Organization id of the trust (`aks…`) and of the department (`afa…`). */
  readonly organization: string
  readonly department: string
  readonly kind: RoleKind
  /** May act on an emergency when nothing else gives access (blålys). */
  readonly acute: boolean
  /** Units whose patients this role has in its care; the first is where the role works. */
  readonly units: readonly [string, ...string[]]
}

/** A person employed by one trust. `user` is the Practitioner id; somebody with posts at two trusts is known to each by its own id. */
export type StaffMember = Person & {
  readonly user: string
  readonly username: string
  readonly profession: Profession
  /** Kitchen staff have no authorisation and hence no number. */
  readonly hpr: string | null
  readonly roles: readonly [StaffRole, ...StaffRole[]]
}

/** One of the twelve. The id is the Patient's. */
export type SeededPatient = Person & {
  readonly patient: string
  /** The encounter of today; earlier ones have the same id with a suffix. */
  readonly encounter: string
  /** Units that have this patient in their care now; the first is where the patient is, or is expected. */
  readonly units: readonly [string, ...string[]]
  readonly pregnant: boolean
  /** What the chart tells, for lists of demonstrations. */
  readonly story: string
  /** The sign-in of the patient as a citizen; minors have none. */
  readonly citizenUsername: string | null
}
