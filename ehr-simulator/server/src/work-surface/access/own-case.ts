import type { CaseFacts, PatientFacts, RoleFacts } from '@uthopp/policy/facts'
import { refuse } from '@uthopp/server-kit/refusal'
import { type CareRooms, readCase } from '#src/facts/care-facts.ts'
import { concerns } from '#src/facts/windows.ts'
import type { OnDuty } from '#src/session/session-guard.ts'
import { earlierEpisodes } from '#src/facts/earlier-episodes.ts'
import { isLearning } from '#src/facts/taken-decisions.ts'
import { type Leaning, leaningOf } from './relation.ts'

type Rooms = { readonly facts: CareRooms }

/** What the host knows of this person in this role and these patients; nobody asks on behalf of a role no longer held. */
export async function readOwnCase(
  { facts }: Rooms,
  { user, role }: OnDuty,
  patients: readonly string[],
): Promise<CaseFacts & { readonly role: RoleFacts }> {
  const found = await readCase(facts, { user: user.id, role: role.id, patients })
  const held = found?.person?.role
  if (found === undefined || held === null || held === undefined) {
    return refuse(403, 'role_not_available', 'this is not a role of yours')
  }
  return { ...found, role: held }
}

export type OpenPatient = {
  readonly facts: PatientFacts
  readonly leaning: Leaning
  /** The only visits that are shown, where somebody looks back to learn; null: all of them. */
  readonly episodes: ReadonlySet<string> | null
}

/** The same answer for a patient of another unit and for none at all. */
export const refusePatient = (): never =>
  refuse(403, 'patient_not_available', 'this patient is not in the care of this role')

/** The patient this person may open now, or the refusal. */
export async function requireOpen(rooms: Rooms, present: OnDuty, patient: string): Promise<OpenPatient> {
  const { role, patients } = await readOwnCase(rooms, present, [patient])
  const facts = patients.get(patient)
  const leaning = facts && leaningOf(facts)
  if (facts === undefined || leaning === undefined) return refusePatient()
  const { decision } = leaning
  const learning = decision !== null && isLearning(decision)
  const taker = { user: present.user.id, role }
  return { facts, leaning, episodes: learning ? await earlierEpisodes(rooms.facts, taker, patient) : null }
}

/** Whom the role has in its care by the way work is organised, without anybody having chosen anything. */
export async function readCareList(rooms: Rooms, present: OnDuty): Promise<readonly string[]> {
  const now = rooms.facts.now()
  const contacts = (await rooms.facts.contacts.ofUnits(present.role.units)).filter((each) => concerns(each, now))
  const patients = [...new Set(contacts.map(({ patient }) => patient))]
  const known = await readOwnCase(rooms, present, patients)
  return [...known.patients.values()]
    .filter((facts) => leaningOf(facts)?.decision === null)
    .map((facts) => facts.patient)
}
