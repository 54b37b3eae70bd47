import type { AppContext } from '@uthopp/server-kit/http-app'
import { readMembers } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { CareRooms } from '../care-facts.ts'
import type { Contact } from '../contacts.ts'
import type { TakenDecision } from '../taken-decisions.ts'
import { isValid } from '../storage/sql-licences.ts'
import { blockWire, fhirId } from './case-wire.ts'

type Read = (ctx: AppContext, rooms: CareRooms) => Promise<void>

/** The one parameter of each of these: an id of ours, never a number or a name. */
function idFrom(ctx: AppContext, name: string): string {
  const strange = Object.keys(ctx.query).find((given) => given !== name)
  if (strange !== undefined) refuse(400, 'invalid_request', `unknown parameter \`${strange.slice(0, 64)}\``)
  return accept(readMembers({ [name]: ctx.query[name] }, { required: { [name]: fhirId } }))[name] ?? ''
}

async function patientFrom(ctx: AppContext, rooms: CareRooms): Promise<string> {
  const id = idFrom(ctx, 'patient')
  return (await rooms.hasPatient(id)) ? id : refuse(404, 'unknown_patient', 'no such patient in this trust')
}

const contactWire = ({ startsAt, endsAt, ...contact }: Contact) => ({
  ...contact,
  starts_at: startsAt.toISOString(),
  ends_at: endsAt?.toISOString() ?? null,
})

/** Without the reason: the person's own words are for the patient and the leader, not for processes. */
const takenWire = (taken: TakenDecision) => ({
  id: taken.id,
  patient: taken.patient,
  user: taken.user,
  role: taken.role,
  unit: taken.unit,
  template: taken.template,
  purpose: taken.purpose,
  elements: taken.elements,
  items: taken.items,
  self_selected: taken.selfSelected,
  valid_from: taken.validFrom.toISOString(),
  valid_until: taken.validUntil.toISOString(),
  ended_at: taken.endedAt?.toISOString() ?? null,
})

const readContacts: Read = async (ctx, rooms) => {
  ctx.body = { contacts: (await rooms.contacts.ofPatients([await patientFrom(ctx, rooms)])).map(contactWire) }
}

const readBlocks: Read = async (ctx, rooms) => {
  ctx.body = { blocks: (await rooms.blocks.ofPatients([await patientFrom(ctx, rooms)])).map(blockWire) }
}

const readDecisions: Read = async (ctx, rooms) => {
  ctx.body = { decisions: (await rooms.decisions.ofPatient(await patientFrom(ctx, rooms))).map(takenWire) }
}

const readTeam: Read = async (ctx, rooms) => {
  ctx.body = { users: await rooms.team.membersOf(await patientFrom(ctx, rooms)) }
}

const readLicence: Read = async (ctx, rooms) => {
  const person = rooms.findPerson(idFrom(ctx, 'user')) ?? refuse(404, 'unknown_user', 'no such user in this trust')
  const licence = await rooms.licences.find(person.id)
  ctx.body = {
    user: person.id,
    profession: person.profession,
    active: isValid(licence, rooms.now()),
    valid_until: licence?.validUntil?.toISOString() ?? null,
  }
}

/** `GET /<orgnr>/facts/…`, each of one patient or one person. */
export const READS: readonly (readonly [path: string, read: Read])[] = [
  ['/contacts', readContacts],
  ['/blocks', readBlocks],
  ['/decisions', readDecisions],
  ['/care-team', readTeam],
  ['/licences', readLicence],
]
