import { randomUUID } from 'node:crypto'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { choice, flag, list, type MemberReader, nullable, readMembers, text } from '@uthopp/server-kit/members'
import { accept, refuse } from '@uthopp/server-kit/refusal'
import { problem } from '@uthopp/smart-core/problem'
import { ADT_EVENTS, applyAdt } from '../adt.ts'
import { parseBlockTarget } from '../blocks.ts'
import type { CareRooms } from '../care-facts.ts'
import { assign, ASSIGNED_KINDS } from '../assignments.ts'
import { APPROVED_TEMPLATES, approve } from '../approvals.ts'
import { fhirId, instant } from './case-wire.ts'

type Write = (ctx: AppContext, rooms: CareRooms) => Promise<void>

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

const takeEvent: Write = async (ctx, rooms) => {
  const { event, patient, at, unit, encounter, contact } = accept(readMembers(await readJson(ctx), ADT))
  await requirePatient(rooms, patient)
  if (unit !== undefined) requireUnit(rooms, unit)
  const told = { event, patient, at, unit: unit ?? null, encounter: encounter ?? null, contact: contact ?? null }
  ctx.body = accept(await applyAdt(rooms, told))
}

const BLOCK = { required: { patient: fhirId, kind: text }, optional: { target: anyText } }

const addBlock: Write = async (ctx, rooms) => {
  const { patient, kind, target } = accept(readMembers(await readJson(ctx), BLOCK))
  const what = accept(parseBlockTarget(kind, target ?? ''))
  const id = randomUUID()
  await rooms.blocks.add({ id, patient: await requirePatient(rooms, patient), ...what }, rooms.now())
  created(ctx, id)
}

const ID = { required: { id: text } }

const liftBlock: Write = async (ctx, rooms) => {
  const { id } = accept(readMembers(await readJson(ctx), ID))
  if (!(await rooms.blocks.lift(id, rooms.now()))) refuse(404, 'unknown_block', 'no such block stands')
  ctx.status = 204
}

const ASSIGNMENT = {
  required: { patient: fhirId, unit: fhirId, kind: choice(ASSIGNED_KINDS) },
  optional: { user: fhirId, at: instant, encounter: fhirId, elements: list(text, 50) },
}

const addAssignment: Write = async (ctx, rooms) => {
  const { patient, unit, kind, user, at, encounter, elements } = accept(readMembers(await readJson(ctx), ASSIGNMENT))
  await requirePatient(rooms, patient)
  requireUnit(rooms, unit)
  if (user !== undefined) requirePerson(rooms, user)
  const given = { patient, unit, kind, user: user ?? null, encounter: encounter ?? null, elements: elements ?? [] }
  created(ctx, accept(await assign(rooms, { ...given, at: at ?? rooms.now() })).id)
}

const ENDING = { required: { id: text }, optional: { at: instant } }

const endAssignment: Write = async (ctx, rooms) => {
  const { id, at } = accept(readMembers(await readJson(ctx), ENDING))
  const contact = await rooms.contacts.find(id)
  const ending = contact && { patient: contact.patient, kinds: [contact.kind], id, unit: null, encounter: null }
  const now = rooms.now()
  const ended = ending === undefined ? 0 : await rooms.contacts.replace({ ...ending, at: at ?? now }, [], now)
  if (ended === 0) refuse(404, 'unknown_contact', 'no such contact is open')
  ctx.status = 204
}

const MEMBERSHIP = { required: { patient: fhirId, user: fhirId, member: flag } }

const setMembership: Write = async (ctx, rooms) => {
  const { patient, user, member } = accept(readMembers(await readJson(ctx), MEMBERSHIP))
  await requirePatient(rooms, patient)
  requirePerson(rooms, user)
  await (member ? rooms.team.join(patient, user) : rooms.team.leave(patient, user))
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

const addDecision: Write = async (ctx, rooms) => {
  const body = accept(readMembers(await readJson(ctx), APPROVAL))
  const { patient, user, template, approval, valid_until: validUntil } = body
  await requirePatient(rooms, patient)
  const role = requirePerson(rooms, user).roles.find(({ id }) => id === body.role)
  if (role === undefined) return refuse(404, 'unknown_role', 'the user has no such role in this trust')
  created(ctx, accept(await approve(rooms, { patient, user, role, template, approval, validUntil })).id)
}

const endDecision: Write = async (ctx, rooms) => {
  const { id } = accept(readMembers(await readJson(ctx), ID))
  if ((await rooms.decisions.end(id, rooms.now())) === undefined)
    refuse(404, 'unknown_decision', 'no such decision is live')
  ctx.status = 204
}

const LICENCE = { required: { user: fhirId, active: flag }, optional: { valid_until: nullable(instant) } }

const setLicence: Write = async (ctx, rooms) => {
  const { user, active, valid_until: validUntil } = accept(readMembers(await readJson(ctx), LICENCE))
  const person = requirePerson(rooms, user)
  if (person.profession === null) refuse(400, 'invalid_request', 'this person has no profession that is licensed')
  await rooms.licences.set(user, { active, validUntil: validUntil ?? null }, rooms.now())
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
