/** How a unit or a person came to have to do with a patient; each kind gives rise to decisions of its own (norway.md §6.3). */
export const CONTACT_KINDS = [
  'inpatient',
  'visit',
  'planned',
  'referral',
  'announced',
  'task',
  'operation',
  'attending',
  'coordinating',
  'primary',
] as const
export type ContactKind = (typeof CONTACT_KINDS)[number]

/** The kinds that name a person, who alone may lean on them. */
const PERSONAL: ReadonlySet<ContactKind> = new Set(['referral', 'attending', 'coordinating', 'primary'])
export const isPersonal = (kind: ContactKind): boolean => PERSONAL.has(kind)

/** What administration knows: this patient, this unit, from then on. */
export type Contact = {
  readonly id: string
  readonly patient: string
  readonly kind: ContactKind
  readonly unit: string
  /** Practitioner id where the contact is one person's; null where it is the unit's. */
  readonly user: string | null
  readonly encounter: string | null
  readonly startsAt: Date
  /** Null while it lasts. */
  readonly endsAt: Date | null
  /** What a task is about, in FHIR types; empty for every other kind. */
  readonly elements: readonly string[]
}
