import type { CareDecision, RoleFacts, RoleKind } from '@uthopp/policy/facts'
import { type Contact, type ContactKind, isPersonal } from './contacts.ts'
import { ACUTE, ADMINISTRATIVE, EVERYTHING, taskElements } from './elements.ts'
import { careWindow, holds, paperworkWindow, type Window } from './windows.ts'

const TEMPLATES: Readonly<Record<Exclude<ContactKind, 'referral'>, string>> = {
  inpatient: 'BELEGG',
  visit: 'POLBESOK',
  planned: 'PLANOPP',
  announced: 'MELDT',
  task: 'ARBFLYT',
  operation: 'OPRPLAN',
  attending: 'BEHANDLER',
  coordinating: 'PASANSV',
  primary: 'PRIMKONT',
}

const CLINICAL: ReadonlySet<RoleKind> = new Set(['physician', 'nurse', 'dietitian', 'ambulance', 'leader'])
export const isClinical = ({ kind }: Pick<RoleFacts, 'kind'>): boolean => CLINICAL.has(kind)

/** An assessor whose assessment is done leans on having made it, not on the referral. */
const templateOf = ({ kind, endsAt }: Contact, now: Date): string => {
  if (kind !== 'referral') return TEMPLATES[kind]
  return endsAt !== null && endsAt <= now ? 'VURDHENV' : 'HENVISNING'
}

const purposeOf = ({ kind }: Contact, role: RoleFacts): string => {
  if (kind === 'announced') return 'ETREAT'
  return isClinical(role) ? 'TREAT' : 'COC'
}

const elementsOf = ({ kind, elements }: Contact): readonly string[] => {
  if (kind === 'announced') return ACUTE
  return kind === 'task' ? taskElements(elements) : EVERYTHING
}

/** Administrative staff care for nobody: a contact of theirs is theirs on other terms, and a task is for whoever has it. */
const cares = ({ kind }: Contact, role: RoleFacts): boolean => isClinical(role) || kind === 'task'

type Holder = { readonly user: string; readonly role: RoleFacts }

function made(contact: Contact, holder: Holder, template: string, window: Window): CareDecision {
  return {
    // The same wherever and whenever it is worked out, so that a launch may be held to it.
    id: `${template}.${contact.id}.${holder.role.id}`,
    template,
    family: 'implicit',
    patient: contact.patient,
    purpose: purposeOf(contact, holder.role),
    validFrom: window.from,
    validUntil: window.until,
    elements: elementsOf(contact),
    items: [],
    userSelected: false,
    selfSelected: false,
  }
}

function decisionsOf(contact: Contact, holder: Holder, now: Date): readonly CareDecision[] {
  const { user, role } = holder
  if (!role.units.includes(contact.unit)) return []
  if (contact.user === null ? isPersonal(contact.kind) : contact.user !== user) return []
  if (cares(contact, role)) {
    const window = careWindow(contact)
    return holds(window, now) ? [made(contact, holder, templateOf(contact, now), window)] : []
  }
  const window = role.kind === 'secretary' ? paperworkWindow(contact) : undefined
  if (window === undefined || !holds(window, now)) return []
  return [{ ...made(contact, holder, 'PASADM', window), purpose: 'COC', elements: ADMINISTRATIVE }]
}

/** Decisions that follow from work as it is organised, with nobody deciding anything: they hold now, for this person in this role. */
export const implicitDecisions = (contacts: readonly Contact[], holder: Holder, now: Date): readonly CareDecision[] =>
  contacts
    .flatMap((contact) => decisionsOf(contact, holder, now))
    .toSorted((one, other) => weight(other) - weight(one) || one.id.localeCompare(other.id))

/** What opens more, for longer, comes first. */
const weight = ({ elements, validUntil }: CareDecision): number =>
  (elements === EVERYTHING ? 2 : 0) + (validUntil === null ? 1 : 0)
