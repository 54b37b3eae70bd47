import type { Contact, ContactKind } from './contacts.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** When somebody may lean on something. The end is the first moment it no longer holds; null: as long as the contact lasts. */
export type Window = { readonly from: Date; readonly until: Date | null }

const after = (at: Date, ms: number): Date => new Date(at.getTime() + ms)
const afterEnd = ({ startsAt, endsAt }: Contact, ms: number): Window => ({
  from: startsAt,
  until: endsAt && after(endsAt, ms),
})
const around = ({ startsAt, endsAt }: Contact, before: number, later: number): Window => ({
  from: after(startsAt, -before),
  until: after(endsAt ?? startsAt, later),
})
const first = (one: Date, other: Date | null): Date => (other !== null && other < one ? other : one)

/** How long each kind gives access to the patient (norway.md §6.3, "default validity"). */
const CARE: Readonly<Record<ContactKind, (contact: Contact) => Window>> = {
  inpatient: (contact) => afterEnd(contact, 14 * DAY_MS),
  visit: (contact) => around(contact, 7 * DAY_MS, 14 * DAY_MS),
  planned: (contact) => around(contact, 7 * DAY_MS, 14 * DAY_MS),
  referral: (contact) => afterEnd(contact, 30 * DAY_MS),
  announced: ({ startsAt, endsAt }) => ({ from: startsAt, until: first(after(startsAt, 24 * HOUR_MS), endsAt) }),
  task: (contact) => afterEnd(contact, DAY_MS),
  operation: (contact) => around(contact, 3 * DAY_MS, 3 * DAY_MS),
  attending: (contact) => afterEnd(contact, 0),
  coordinating: (contact) => afterEnd(contact, 0),
  primary: (contact) => afterEnd(contact, 0),
}
export const careWindow = (contact: Contact): Window => CARE[contact.kind](contact)

const ADMINISTERED: ReadonlySet<ContactKind> = new Set(['inpatient', 'visit', 'planned', 'announced', 'operation'])

/** Administrative work goes on for a month after the contact; undefined where there is none to do. */
export function paperworkWindow(contact: Contact): Window | undefined {
  if (!ADMINISTERED.has(contact.kind)) return undefined
  const end = contact.endsAt ?? (contact.kind === 'inpatient' ? null : contact.startsAt)
  return { from: careWindow(contact).from, until: end && after(end, 30 * DAY_MS) }
}

/** INVARIANT: half open, so that what ends at a moment and what begins at it never both hold. */
export const holds = ({ from, until }: Window, now: Date): boolean => from <= now && (until === null || now < until)

/** True while somebody may still have to do with the patient because of it; after that it is history. */
export const concerns = (contact: Contact, now: Date): boolean =>
  [careWindow(contact), paperworkWindow(contact)].some((window) => window !== undefined && holds(window, now))

const WITHOUT_CARE: ReadonlySet<ContactKind> = new Set(['task', 'planned'])

/** True while the unit itself has the patient in its care, not merely something to do or to finish for it. */
export const isInCare = (contact: Contact, now: Date): boolean =>
  !WITHOUT_CARE.has(contact.kind) &&
  contact.startsAt <= now &&
  (contact.endsAt === null || now < contact.endsAt) &&
  holds(careWindow(contact), now)

/** Every later moment at which what somebody may do changes by itself. */
export function turningPoints(contact: Contact, now: Date): readonly Date[] {
  const windows = [careWindow(contact), paperworkWindow(contact)].filter((window) => window !== undefined)
  const moments = windows.flatMap(({ from, until }) => [from, until])
  return [...moments, contact.startsAt, contact.endsAt].filter((at): at is Date => at !== null && at > now)
}
