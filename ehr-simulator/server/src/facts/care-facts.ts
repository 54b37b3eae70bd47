import type { CaseFacts, PatientFacts, PersonFacts, RoleFacts } from '@uthopp/policy/facts'
import type { BlockStore } from './storage/sql-blocks.ts'
import type { CareTeamStore } from './storage/sql-care-team.ts'
import type { ContactStore } from './storage/sql-contacts.ts'
import type { DecisionStore } from './storage/decisions.ts'
import { isValid, type LicenceStore } from './storage/sql-licences.ts'
import type { ChangeLog } from './changes.ts'
import type { Contact } from './contacts.ts'
import { implicitDecisions } from './implicit-decisions.ts'
import { careDecisionOf, isDecidedOn } from './taken-decisions.ts'
import { isInCare } from './windows.ts'

/** Somebody who may sign in at this trust, as far as access depends on it. */
export type KnownPerson = {
  readonly id: string
  readonly kind: 'staff' | 'citizen'
  /** Volven 9060; null for those who need no licence. */
  readonly profession: string | null
  readonly roles: readonly RoleFacts[]
}

/** What the facts of one trust are worked out from. */
export type CareRooms = {
  readonly findPerson: (user: string) => KnownPerson | undefined
  /** Whether the trust has such a patient; facts of nobody are not told. */
  readonly hasPatient: (patient: string) => Promise<boolean>
  /** Whether the trust has such a unit. */
  readonly isUnit: (unit: string) => boolean
  readonly contacts: ContactStore
  readonly team: CareTeamStore
  readonly decisions: DecisionStore
  readonly blocks: BlockStore
  readonly licences: LicenceStore
  readonly changes: ChangeLog
  readonly now: () => Date
}

export type AskedCase = {
  /** Null where nobody stands behind the question but a service: then no decision is anybody's. */
  readonly user: string | null
  readonly role: string | null
  readonly patients: readonly string[]
}

/** Leaves the role out only who has one alone; who has several has none until it is said which. */
function roleOf({ roles }: KnownPerson, asked: string | null): RoleFacts | null {
  if (asked !== null) return roles.find(({ id }) => id === asked) ?? null
  const [only, ...others] = roles
  return others.length === 0 ? (only ?? null) : null
}

async function personFacts(
  rooms: CareRooms,
  person: KnownPerson | null,
  role: RoleFacts | null,
): Promise<PersonFacts | null> {
  if (person === null) return null
  const { profession } = person
  const licence = profession === null ? undefined : await rooms.licences.find(person.id)
  return {
    user: person.id,
    kind: person.kind === 'staff' ? 'clinician' : 'citizen',
    employed: person.kind === 'staff',
    licence: profession === null ? null : { active: isValid(licence, rooms.now()), profession },
    role,
  }
}

const unitsOf = (contacts: readonly Contact[]): readonly string[] =>
  [...new Set(contacts.map(({ unit }) => unit))].toSorted()

/** Everything an answer about this person and these patients may depend on; undefined for somebody nobody knows here. */
export async function readCase(rooms: CareRooms, asked: AskedCase): Promise<CaseFacts | undefined> {
  const person = asked.user === null ? null : rooms.findPerson(asked.user)
  if (person === undefined) return undefined
  const role = person && roleOf(person, asked.role)
  const holder = person && role && { user: person.id, role }
  const own = await ownPatients(rooms, asked.patients)
  // INVARIANT: epochs are read before what they stand for. Facts newer than their epoch are dropped too early, never too late.
  const epochs = await rooms.changes.epochsOf(own)
  const [facts, team, contacts, taken, blocks] = await Promise.all([
    personFacts(rooms, person, role),
    person === null ? new Set<string>() : rooms.team.patientsOf(person.id, own),
    rooms.contacts.ofPatients(own),
    holder === null ? [] : rooms.decisions.liveOf({ user: holder.user, role: holder.role.id }, own, rooms.now()),
    rooms.blocks.ofPatients(own),
  ])
  const at = rooms.now()
  const describe = (patient: string): PatientFacts => {
    const theirs = contacts.filter((contact) => contact.patient === patient)
    const implicit = holder === null ? [] : implicitDecisions(theirs, holder, at)
    const explicit = taken.filter(
      (decision) => decision.patient === patient && isDecidedOn(decision) && at < decision.validUntil,
    )
    return {
      patient,
      epoch: epochs.get(patient) ?? '',
      inCareTeam: team.has(patient),
      contactUnits: person === null ? [] : unitsOf(theirs.filter((contact) => isInCare(contact, at))),
      decisions: [...implicit, ...explicit.map(careDecisionOf)],
      blocks: blocks.filter((block) => block.patient === patient).map(({ id, kind, target }) => ({ id, kind, target })),
      self: person?.kind === 'citizen' && person.id === patient,
    }
  }
  return { person: facts, patients: new Map(own.map((patient) => [patient, describe(patient)])), at }
}

async function ownPatients({ hasPatient }: CareRooms, patients: readonly string[]): Promise<readonly string[]> {
  const known = await Promise.all([...new Set(patients)].map(async (id) => ((await hasPatient(id)) ? [id] : [])))
  return known.flat()
}
