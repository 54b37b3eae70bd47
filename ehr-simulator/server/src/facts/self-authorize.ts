import type { RoleFacts } from '@uthopp/policy/facts'
import { isProblem } from '@uthopp/smart-core/problem'
import type { CareRooms } from './care-facts.ts'
import { earlierContacts } from './earlier-episodes.ts'
import { EVERYTHING } from './elements.ts'
import { implicitDecisions } from './implicit-decisions.ts'
import { parseReason } from './reason.ts'
import type { Also } from './storage/decisions.ts'
import type { TakenDecision } from './taken-decisions.ts'
import { type DialogTemplate, DIALOG_TEMPLATES, elementsFor, findTemplate, mayUse, purposeOf } from './templates.ts'

type Refused<Code extends string> = { readonly kind: 'refused'; readonly code: Code }
export type Taken = { readonly kind: 'taken'; readonly decision: TakenDecision }
export const refused = <const Code extends string>(code: Code): Refused<Code> => ({ kind: 'refused', code })

/** Who takes a decision, and as what. */
export type Taker = { readonly user: string; readonly role: RoleFacts }

type Rooms = Pick<CareRooms, 'contacts' | 'decisions' | 'hasPatient' | 'now' | 'team'>

/** Work as it is organised, or the care team: what somebody has without choosing anything. */
async function ordinaryAccess(rooms: Rooms, taker: Taker, patient: string): Promise<'none' | 'some' | 'whole'> {
  if ((await rooms.team.patientsOf(taker.user, [patient])).has(patient)) return 'whole'
  const contacts = await rooms.contacts.ofPatients([patient])
  const decisions = implicitDecisions(contacts, taker, rooms.now())
  if (decisions.length === 0) return 'none'
  return decisions.some(({ elements }) => elements === EVERYTHING) ? 'whole' : 'some'
}

async function isAvailable(rooms: Rooms, taker: Taker, patient: string, { id }: DialogTemplate): Promise<boolean> {
  if (!mayUse(id, taker.role)) return false
  // An emergency is for when nothing else fits; looking back for those who were there and are no longer (norway.md §6.3).
  if (id === 'BLAALYS') return (await ordinaryAccess(rooms, taker, patient)) !== 'whole'
  if (id !== 'EGENLAER') return true
  const was = (await earlierContacts(rooms, taker, patient)).length > 0
  return was && (await ordinaryAccess(rooms, taker, patient)) === 'none'
}

/** The templates this person, in this role, may use for this patient now; none of them is a default. */
export async function templatesFor(rooms: Rooms, taker: Taker, patient: string): Promise<readonly DialogTemplate[]> {
  const each = await Promise.all(
    DIALOG_TEMPLATES.map(async (template) => ((await isAvailable(rooms, taker, patient, template)) ? [template] : [])),
  )
  return each.flat()
}

export type OwnDecision = Taker & {
  readonly id: string
  readonly patient: string
  readonly template: string
  readonly reason: string | null
}

/**
 * What may be prolonged once lasts no longer for being given back and taken again: until as much time has passed without it as
 * it lasts, the next one is its renewal, whichever role it is taken in (norway.md §6.3).
 */
const isGoingOn = ({ endedAt, validUntil }: TakenDecision, { lastsMs }: DialogTemplate, now: Date): boolean =>
  (endedAt ?? validUntil).getTime() + lastsMs > now.getTime()

/** Takes a decision for oneself; what may be taken is checked here again, whatever the dialog showed. */
export async function selfAuthorize(
  rooms: Rooms,
  { id, user, role, patient, template: asked, reason }: OwnDecision,
  also?: Also,
): Promise<
  | Taken
  | Refused<
      | 'template_not_available'
      | 'reason_required'
      | 'patient_not_known'
      | 'decision_live_already'
      | 'decision_not_renewable'
    >
> {
  if (!(await rooms.hasPatient(patient))) return refused('patient_not_known')
  const template = findTemplate(asked)
  if (template === undefined || !(await isAvailable(rooms, { user, role }, patient, template)))
    return refused('template_not_available')
  const words = parseReason(reason ?? '')
  if (isProblem(words)) return refused('reason_required')
  const now = rooms.now()
  const live = await rooms.decisions.liveOf({ user, role: role.id }, [patient], now)
  if (live.some((each) => each.template === template.id)) return refused('decision_live_already')
  const latest = template.renewable ? ((await rooms.decisions.latestOf(user, patient, template.id)) ?? null) : undefined
  const former = latest && isGoingOn(latest, template, now) ? latest : undefined
  if (former !== undefined && former.renewal !== null) return refused('decision_not_renewable')
  const decision: TakenDecision = {
    id,
    patient,
    user,
    role: role.id,
    unit: role.unit,
    template: template.id,
    purpose: purposeOf(template.id, role),
    elements: elementsFor(template, role),
    items: [],
    reason: former?.reason ?? words,
    selfSelected: true,
    validFrom: now,
    validUntil: new Date(now.getTime() + template.lastsMs),
    endedAt: null,
    renewal: former === undefined ? null : { at: now, reason: words },
    review: null,
  }
  return (await rooms.decisions.take(decision, now, also, latest && latest.id))
    ? { kind: 'taken', decision }
    : refused('decision_live_already')
}

/** Prolongs a decision by as long as it was meant to last, from now, once, and with a reason of its own. */
export async function renew(
  rooms: Pick<CareRooms, 'decisions' | 'now'>,
  { user, role, decision: id, reason }: Taker & { readonly decision: string; readonly reason: string | null },
  also?: Also,
): Promise<Taken | Refused<'decision_not_available' | 'decision_not_renewable' | 'reason_required'>> {
  const now = rooms.now()
  const held = await rooms.decisions.find(id)
  const template = held && findTemplate(held.template)
  if (held === undefined || template === undefined || held.user !== user || held.role !== role.id)
    return refused('decision_not_available')
  if (held.endedAt !== null || held.validUntil <= now) return refused('decision_not_available')
  if (!template.renewable || held.renewal !== null || !mayUse(template.id, role))
    return refused('decision_not_renewable')
  const words = parseReason(reason ?? '')
  if (isProblem(words)) return refused('reason_required')
  const until = new Date(now.getTime() + template.lastsMs)
  const decision = await rooms.decisions.renew(id, { at: now, reason: words, until }, also)
  return decision === undefined ? refused('decision_not_renewable') : { kind: 'taken', decision }
}

/** Gives one's own decision back before its time. */
export async function giveUp(
  rooms: Pick<CareRooms, 'decisions' | 'now'>,
  { user, role, decision: id }: Taker & { readonly decision: string },
  also?: Also,
): Promise<{ readonly kind: 'ended'; readonly decision: TakenDecision } | Refused<'decision_not_available'>> {
  const held = await rooms.decisions.find(id)
  if (held?.user !== user || held.role !== role.id) return refused('decision_not_available')
  const decision = await rooms.decisions.end(id, rooms.now(), also)
  return decision === undefined ? refused('decision_not_available') : { kind: 'ended', decision }
}
