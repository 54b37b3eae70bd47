import { randomUUID } from 'node:crypto'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { choice, flag, list, type MemberReader, nullable, readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import type { Block } from '@uthopp/policy/facts'
import type { HostActivity } from '#src/audit/audit-writer.ts'
import { professions } from '#src/seed/person.ts'
import { problem } from '@uthopp/smart-core/problem'
import { ADT_EVENTS, applyAdt } from '../adt.ts'
import { parseBlockTarget } from '../blocks.ts'
import type { CareRooms } from '../care-facts.ts'
import { assign, ASSIGNED_KINDS } from '../assignments.ts'
import { APPROVED_TEMPLATES, approve } from '../approvals.ts'
import type { Tell } from '../storage/tell.ts'
import { fhirId, instant } from './case-wire.ts'

/** What a register may do at one trust: everything is written down with the deed, or it is not done. */
export type WriteDesk = {
  readonly rooms: CareRooms
  /** Whether `Type/id` is something of this patient's. */
  readonly isOf: (item: string, patient: string) => Promise<boolean>
  readonly tell: (said: Pick<HostActivity, 'activity' | 'patient' | 'decision' | 'detail'>) => Tell
}
type Write = (ctx: AppContext, desk: WriteDesk) => Promise<void>

const anyText: MemberReader<string> = (value, name) =>
  typeof value === 'string' && value.length <= 200 ? value : problem(name, `\`${name}\` must be a text`)

const requirePatient = async (rooms: CareRooms, id: string): Promise<string> =>
  (await rooms.hasPatient(id)) ? id : refuse(404, 'unknown_patient', 'no such patient in this trust')

const requirePerson = (rooms: CareRooms, id: string) => {
  const person = rooms.findPerson(id)
  return person?.kind === 'staff' ? person : refuse(404, 'unknown_user', 'no such user in this trust')
}

const requireUnit = (rooms: CareRooms, unit: string): string =>
  rooms.isUnit(unit) ? unit : refuse(404, 'unknown_unit', 'no such unit in this trust')

const created = (ctx: AppContext, id: string): void => {
  ctx.status = 201
  ctx.body = { id }
}

const ADT = {
  required: { event: choice(ADT_EVENTS), patient: fhirId, at: instant },
  optional: { unit: fhirId, encounter: fhirId, contact: fhirId },
}

const takeEvent: Write = async (ctx, { rooms, tell }) => {
  const { event, patient, at, unit, encounter, contact } = accept(readMembers(await readJson(ctx), ADT))
  await requirePatient(rooms, patient)
  if (unit !== undefined) requireUnit(rooms, unit)
  const told = { event, patient, at, unit: unit ?? null, encounter: encounter ?? null, contact: contact ?? null }
  const detail = { change: event, ...(unit === undefined ? {} : { unit }) }
  ctx.body = accept(await applyAdt(rooms, told, tell({ activity: 'responsibility-changed', patient, detail })))
}

const BLOCK = { required: { patient: fhirId, kind: text }, optional: { target: anyText } }

/** A block that names nothing would seem to stand, and close nothing. */
async function requireTarget(
  { rooms, isOf }: WriteDesk,
  patient: string,
  { kind, target }: Pick<Block, 'kind' | 'target'>,
) {
  if (kind === 'unit') requireUnit(rooms, target)
  if (kind === 'employee') requirePerson(rooms, target)
  if (kind === 'profession' && !Object.hasOwn(professions, target))
    refuse(404, 'unknown_profession', 'nobody in this trust has that profession')
  if (kind === 'document' && !(await isOf(target, patient)))
    refuse(404, 'unknown_document', 'the patient has no such document')
}

const addBlock: Write = async (ctx, desk) => {
  const { rooms, tell } = desk
  const { patient, kind, target } = accept(readMembers(await readJson(ctx), BLOCK))
  const what = accept(parseBlockTarget(kind, target ?? ''))
  const id = randomUUID()
  await requirePatient(rooms, patient)
  await requireTarget(desk, patient, what)
  const set = tell({ activity: 'block-changed', patient, detail: { kind: what.kind, change: 'set' } })
  await rooms.blocks.add([{ id, patient, ...what }], rooms.now(), set)
  created(ctx, id)
}

const ID = { required: { id: text } }

const liftBlock: Write = async (ctx, { rooms, tell }) => {
  const { id } = accept(readMembers(await readJson(ctx), ID))
  const unknown = (): never => refuse(404, 'unknown_block', 'no such block stands')
  const { patient, kind } = (await rooms.blocks.find(id)) ?? unknown()
  const lifted = tell({ activity: 'block-changed', patient, detail: { kind, change: 'lifted' } })
  if ((await rooms.blocks.lift([id], rooms.now(), lifted)) === 0) unknown()
  ctx.status = 204
}

const ASSIGNMENT = {
  required: { patient: fhirId, unit: fhirId, kind: choice(ASSIGNED_KINDS) },
  optional: { user: fhirId, at: instant, encounter: fhirId, elements: list(text, 50) },
}

const addAssignment: Write = async (ctx, { rooms, tell }) => {
  const { patient, unit, kind, user, at, encounter, elements } = accept(readMembers(await readJson(ctx), ASSIGNMENT))
  await requirePatient(rooms, patient)
  requireUnit(rooms, unit)
  if (user !== undefined) requirePerson(rooms, user)
  const given = { patient, unit, kind, user: user ?? null, encounter: encounter ?? null, elements: elements ?? [] }
  const detail = { change: 'assigned', kind, unit, ...(user === undefined ? {} : { user }) }
  const told = tell({ activity: 'responsibility-changed', patient, detail })
  created(ctx, accept(await assign(rooms, { ...given, at: at ?? rooms.now() }, told)).id)
}

const ENDING = { required: { id: text }, optional: { at: instant } }

const endAssignment: Write = async (ctx, { rooms, tell }) => {
  const { id, at } = accept(readMembers(await readJson(ctx), ENDING))
  const unknown = (): never => refuse(404, 'unknown_contact', 'no such contact is open')
  const { patient, kind, unit } = (await rooms.contacts.find(id)) ?? unknown()
  const told = tell({ activity: 'responsibility-changed', patient, detail: { change: 'ended', kind, unit } })
  const now = rooms.now()
  const ending = { patient, kinds: [kind], id, unit: null, encounter: null, at: at ?? now }
  if ((await rooms.contacts.replace(ending, [], now, told)) === 0) unknown()
  ctx.status = 204
}

const MEMBERSHIP = { required: { patient: fhirId, user: fhirId, member: flag } }

const setMembership: Write = async (ctx, { rooms, tell }) => {
  const { patient, user, member } = accept(readMembers(await readJson(ctx), MEMBERSHIP))
  await requirePatient(rooms, patient)
  requirePerson(rooms, user)
  const detail = { change: member ? 'joined' : 'left', user }
  const told = tell({ activity: 'responsibility-changed', patient, detail })
  await (member ? rooms.team.join(patient, user, told) : rooms.team.leave(patient, user, told))
  ctx.status = 204
}

const APPROVAL = {
  required: {
    patient: fhirId,
    user: fhirId,
    role: fhirId,
    template: choice(APPROVED_TEMPLATES),
    approval: text,
    valid_until: instant,
  },
}

const addDecision: Write = async (ctx, { rooms, tell }) => {
  const body = accept(readMembers(await readJson(ctx), APPROVAL))
  const { patient, user, template, approval, valid_until: validUntil } = body
  await requirePatient(rooms, patient)
  const role = requirePerson(rooms, user).roles.find(({ id }) => id === body.role)
  if (role === undefined) return refuse(404, 'unknown_role', 'the user has no such role in this trust')
  const detail = { change: 'registered', template, user }
  const told = tell({ activity: 'decision-changed', patient, detail })
  created(ctx, accept(await approve(rooms, { patient, user, role, template, approval, validUntil }, told)).id)
}

const endDecision: Write = async (ctx, { rooms, tell }) => {
  const { id } = accept(readMembers(await readJson(ctx), ID))
  const unknown = (): never => refuse(404, 'unknown_decision', 'no such decision is live')
  const { patient, template, selfSelected } = (await rooms.decisions.find(id)) ?? unknown()
  const decision = { id, template, userSelected: selfSelected }
  const told = tell({ activity: 'decision-changed', patient, decision, detail: { change: 'ended' } })
  if ((await rooms.decisions.end(id, rooms.now(), told)) === undefined) unknown()
  ctx.status = 204
}

const LICENCE = { required: { user: fhirId, active: flag }, optional: { valid_until: nullable(instant) } }

const setLicence: Write = async (ctx, { rooms, tell }) => {
  const { user, active, valid_until: validUntil } = accept(readMembers(await readJson(ctx), LICENCE))
  const person = requirePerson(rooms, user)
  if (person.profession === null) refuse(400, 'invalid_request', 'this person has no profession that is licensed')
  const told = tell({ activity: 'responsibility-changed', detail: { change: active ? 'licensed' : 'suspended', user } })
  await rooms.licences.set(user, { active, validUntil: validUntil ?? null }, rooms.now(), told)
  ctx.status = 204
}

/** `POST /<orgnr>/facts/…`: what patient administration and the registers tell. */
export const WRITES: readonly (readonly [path: string, write: Write])[] = [
  ['/adt', takeEvent],
  ['/blocks', addBlock],
  ['/blocks/lift', liftBlock],
  ['/responsibilities', addAssignment],
  ['/responsibilities/end', endAssignment],
  ['/care-team', setMembership],
  ['/decisions', addDecision],
  ['/decisions/end', endDecision],
  ['/licences', setLicence],
]
