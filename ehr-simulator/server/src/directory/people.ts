import type { RoleFacts, RoleKind } from '@uthopp/policy/facts'
import type { KnownPerson } from '#src/facts/care-facts.ts'
import { professions, type SeededPatient, type StaffMember, type StaffRole } from '#src/seed/person.ts'
import type { AccountStore } from '#src/storage/accounts.ts'
import { FailedAttempts } from './attempts.ts'
import { matchesWords, wordsOf } from './match-patient.ts'
import { passwordMatches } from './password.ts'

export type DirectoryRole = {
  /** PractitionerRole id. */
  readonly id: string
  readonly name: string
  readonly organization: string
  readonly department: string
  readonly kind: RoleKind
  readonly acute: boolean
  /** Location ids of the units whose patients this role has in its care. */
  readonly units: readonly string[]
}

/** Somebody who can sign in: staff by Practitioner id, or a citizen by the Patient id of their own record. */
export type DirectoryUser = {
  readonly id: string
  readonly kind: 'staff' | 'citizen'
  readonly username: string
  readonly name: string
  readonly profession: string
  readonly roles: readonly DirectoryRole[]
}

export type Verification =
  | { readonly outcome: 'verified'; readonly user: DirectoryUser }
  | { readonly outcome: 'refused' }
  | { readonly outcome: 'closed'; readonly seconds: number }

const nameOf = ({ given, family }: { readonly given: string; readonly family: string }): string => `${given} ${family}`

const staffUser = (member: StaffMember): DirectoryUser => ({
  id: member.user,
  kind: 'staff',
  username: member.username,
  name: nameOf(member),
  profession: professions[member.profession],
  roles: member.roles.map(({ role, ...rest }) => ({ id: role, ...rest })),
})

const citizenUser = (patient: SeededPatient): readonly DirectoryUser[] =>
  patient.citizenUsername === null
    ? []
    : [
        {
          id: patient.patient,
          kind: 'citizen',
          username: patient.citizenUsername,
          name: nameOf(patient),
          profession: 'Innbygger',
          roles: [],
        },
      ]

const roleFacts = ({ id, kind, acute, department, organization, units }: DirectoryRole): RoleFacts => ({
  id,
  kind,
  acute,
  unit: units[0] ?? '',
  units,
  department,
  organization,
})

/** Professions that nobody is licensed for. */
const UNLICENSED = 'XX'

/** The people of one trust and what they may sign in as. */
export class PeopleDirectory {
  readonly users: readonly DirectoryUser[]
  readonly patients: readonly SeededPatient[]
  readonly #staff: readonly StaffMember[]
  readonly #accounts: AccountStore
  readonly #attempts: FailedAttempts

  constructor(deps: {
    readonly staff: readonly StaffMember[]
    readonly patients: readonly SeededPatient[]
    readonly accounts: AccountStore
    readonly now: () => Date
  }) {
    this.users = [...deps.staff.map(staffUser), ...deps.patients.flatMap(citizenUser)]
    this.patients = deps.patients
    this.#staff = deps.staff
    this.#accounts = deps.accounts
    this.#attempts = new FailedAttempts(deps.now)
  }

  findUser(id: string): DirectoryUser | undefined {
    return this.users.find((user) => user.id === id)
  }

  findByUsername(username: string): DirectoryUser | undefined {
    return this.users.find((user) => user.username === username)
  }

  /** Somebody employed here, as the register of staff has them. */
  findStaff(id: string): StaffMember | undefined {
    return this.#staff.find(({ user }) => user === id)
  }

  findRole(id: string): StaffRole | undefined {
    return this.#staff.flatMap(({ roles }) => roles).find(({ role }) => role === id)
  }

  /** The patient a national id belongs to. */
  findByNationalId(nationalId: string): SeededPatient | undefined {
    return this.patients.find(({ fnr }) => fnr === nationalId)
  }

  /** Somebody who can sign in, as far as access depends on who they are. */
  findPerson(id: string): KnownPerson | undefined {
    const user = this.findUser(id)
    if (user === undefined) return undefined
    const profession = this.#staff.find((member) => member.user === id)?.profession ?? UNLICENSED
    const licensed = profession === UNLICENSED ? null : profession
    return { id, kind: user.kind, profession: licensed, roles: user.roles.map(roleFacts) }
  }

  /** An unknown username is refused like a wrong password, after the same work. */
  async verify(username: string, password: string): Promise<Verification> {
    const seconds = this.#attempts.secondsClosed(username)
    if (seconds > 0) return { outcome: 'closed', seconds }
    this.#attempts.begin(username)
    const account = await this.#accounts.find(username)
    const matches = await passwordMatches(password, account?.password)
    const user = account && matches ? this.findUser(account.subject) : undefined
    if (!user) return { outcome: 'refused' }
    this.#attempts.succeeded(username)
    return { outcome: 'verified', user }
  }

  /** Patients by the start of a name, and a whole date of birth or national id. Whom of them anybody may see is not said here. */
  matchPatients(text: string): readonly SeededPatient[] {
    const words = wordsOf(text)
    return this.patients.filter((patient) => matchesWords(patient, words))
  }
}
