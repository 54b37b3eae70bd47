import type { CareRooms } from './care-facts.ts'
import type { Contact } from './contacts.ts'
import type { Taker } from './self-authorize.ts'

type Rooms = Pick<CareRooms, 'contacts' | 'now'>

/** What is over: somebody of the unit, or this person by name, had the patient then. */
export async function earlierContacts(
  rooms: Rooms,
  { user, role }: Taker,
  patient: string,
): Promise<readonly Contact[]> {
  const now = rooms.now()
  const contacts = await rooms.contacts.ofPatients([patient])
  return contacts.filter(
    ({ unit, user: named, kind, startsAt, endsAt }) =>
      kind !== 'planned' &&
      role.units.includes(unit) &&
      (named === null || named === user) &&
      startsAt <= now &&
      endsAt !== null &&
      endsAt <= now,
  )
}

/** The visits that looking back opens (norway.md §6.3, "own earlier episodes only"). */
export async function earlierEpisodes(rooms: Rooms, taker: Taker, patient: string): Promise<ReadonlySet<string>> {
  const contacts = await earlierContacts(rooms, taker, patient)
  return new Set(contacts.flatMap(({ encounter }) => encounter ?? []))
}
