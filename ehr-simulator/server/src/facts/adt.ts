import { randomUUID } from 'node:crypto'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import type { CareRooms } from './care-facts.ts'
import type { Contact, ContactKind } from './contacts.ts'
import type { Tell } from './storage/tell.ts'

/** What patient administration tells: HL7 v2 A01, A02, A03, A11, A04, A05 and the call from the ambulance, by plain names. */
export const ADT_EVENTS = ['admit', 'transfer', 'discharge', 'cancel', 'visit', 'plan', 'announce'] as const

export type AdtEvent = {
  readonly event: (typeof ADT_EVENTS)[number]
  readonly patient: string
  /** Null where the event needs none: a discharge or a cancellation is from wherever the patient is. */
  readonly unit: string | null
  readonly encounter: string | null
  /** The contact meant, where the event is about one; else the encounter or the unit finds it. */
  readonly contact: string | null
  readonly at: Date
}

const OPENS: Readonly<Partial<Record<AdtEvent['event'], ContactKind>>> = {
  admit: 'inpatient',
  transfer: 'inpatient',
  visit: 'visit',
  plan: 'planned',
  announce: 'announced',
}

/** What ends when a patient arrives somewhere: the announcement at the unit that waited, and on a transfer the stay before. */
const ENDS: Readonly<Partial<Record<AdtEvent['event'], readonly ContactKind[]>>> = {
  admit: ['announced'],
  visit: ['announced'],
  transfer: ['inpatient', 'announced'],
  discharge: ['inpatient', 'visit', 'announced', 'task', 'operation'],
}

/** A clock that differs by more than this is wrong, and would open or close what it should not. */
const EARLIEST_MS = 400 * 86_400_000
const LATEST_MS = 400 * 86_400_000
const ON_TIME_MS = 5 * 60_000

function timeProblem({ event, at }: AdtEvent, now: Date): Problem | undefined {
  const late = now.getTime() - at.getTime()
  if (late > EARLIEST_MS || -late > LATEST_MS) return problem('at', '`at` is too far from now')
  // Only what is planned lies ahead.
  if (event !== 'plan' && event !== 'visit' && -late > ON_TIME_MS) return problem('at', '`at` lies ahead')
  return undefined
}

const opened = (event: AdtEvent, kind: ContactKind, unit: string): Contact => ({
  id: event.contact ?? randomUUID(),
  patient: event.patient,
  kind,
  unit,
  user: null,
  encounter: event.encounter,
  startsAt: event.at,
  endsAt: null,
  elements: [],
})

export type AdtOutcome = { readonly contact: string | null; readonly ended: number }

/** Carries out one event; what it opens and closes, and its record, are of one moment. */
export async function applyAdt(
  rooms: Pick<CareRooms, 'contacts' | 'now'>,
  event: AdtEvent,
  tell?: Tell,
): Promise<AdtOutcome | Problem> {
  const now = rooms.now()
  const wrong = timeProblem(event, now)
  if (wrong) return wrong
  if (event.event === 'cancel') return cancel(rooms, event, { now, tell })
  const kind = OPENS[event.event]
  if (kind !== undefined && event.unit === null) return problem('unit', `\`unit\` is needed to ${event.event}`)
  const contacts = kind === undefined || event.unit === null ? [] : [opened(event, kind, event.unit)]
  if (event.contact !== null && kind !== undefined && (await rooms.contacts.find(event.contact)) !== undefined) {
    return problem('contact', '`contact` is taken')
  }
  const kinds = ENDS[event.event] ?? []
  const ending = {
    patient: event.patient,
    kinds,
    id: kind === undefined ? event.contact : null,
    unit: event.event === 'discharge' ? event.unit : null,
    encounter: event.event === 'discharge' ? event.encounter : null,
    at: event.at,
  }
  const ended = await rooms.contacts.replace(ending, contacts, now, tell)
  return { contact: contacts[0]?.id ?? null, ended }
}

async function cancel(
  { contacts }: Pick<CareRooms, 'contacts'>,
  event: AdtEvent,
  { now, tell }: { readonly now: Date; readonly tell: Tell | undefined },
) {
  const { patient, contact, encounter, unit } = event
  if (contact === null && encounter === null && unit === null)
    return problem('contact', 'one of `contact`, `encounter` and `unit` says what is cancelled')
  const theirs = await contacts.ofPatients([patient])
  const meant = theirs.filter(
    (each) =>
      (contact === null || each.id === contact) &&
      (encounter === null || each.encounter === encounter) &&
      (unit === null || each.unit === unit) &&
      (contact !== null || each.endsAt === null),
  )
  const ids = meant.map(({ id }) => id)
  return { contact: null, ended: await contacts.cancel(ids, now, tell) }
}
