import type { RoleFacts } from '@uthopp/policy/facts'
import type { CareRooms } from './care-facts.ts'
import { implicitDecisions } from './implicit-decisions.ts'
import { isForApps } from './taken-decisions.ts'

type Rooms = Pick<CareRooms, 'contacts' | 'decisions' | 'now'>

async function inRole(rooms: Rooms, user: string, role: RoleFacts): Promise<readonly string[]> {
  const now = rooms.now()
  const [contacts, taken] = await Promise.all([
    rooms.contacts.ofUnits(role.units),
    rooms.decisions.heldBy({ user, role: role.id }, now),
  ])
  const implicit = implicitDecisions(contacts, { user, role }, now)
  // Lifting a block lies over an access; by itself it is none.
  const explicit = taken.filter((decision) => decision.template !== 'BTG' && isForApps(decision))
  return [...implicit, ...explicit].map(({ patient }) => patient)
}

/** Whom somebody has a live decision for, in one role or in any of theirs. A citizen has their own record. */
export async function careListOf(
  rooms: Rooms & Pick<CareRooms, 'findPerson'>,
  user: string,
  role: string | undefined,
): Promise<ReadonlySet<string>> {
  const person = rooms.findPerson(user)
  if (person?.kind === 'citizen') return new Set([user])
  const roles = (person?.roles ?? []).filter(({ id }) => role === undefined || id === role)
  return new Set((await Promise.all(roles.map((each) => inRole(rooms, user, each)))).flat())
}
