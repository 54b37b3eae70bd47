/** What the host knows about a person, as far as access depends on it. */
export type PersonFacts = {
  readonly user: string
  readonly kind: 'clinician' | 'citizen'
  readonly employed: boolean
  /** Profession by Volven 9060. Null for people who need no licence, such as the kitchen. */
  readonly licence: { readonly active: boolean; readonly profession: string } | null
  /** The active role; null when the person does not hold the one asked about, which denies. */
  readonly role: RoleFacts | null
}

export type RoleFacts = {
  readonly id: string
  readonly kind: RoleKind
  /** May act on an emergency (blålys). */
  readonly acute: boolean
  readonly unit: string
  readonly units: readonly string[]
  readonly department: string
  readonly organization: string
}

export const ROLE_KINDS = ['physician', 'nurse', 'dietitian', 'ambulance', 'secretary', 'kitchen', 'leader'] as const

/** A `leader` is a nurse who may also see the unit's control list. */
export type RoleKind = (typeof ROLE_KINDS)[number]

/** A decision (beslutning) that this person in this role may lean on. */
export type CareDecision = {
  readonly id: string
  readonly template: string
  readonly family: 'implicit' | 'explicit'
  readonly patient: string
  readonly purpose: string
  readonly validFrom: Date
  readonly validUntil: Date | null
  /** FHIR types, or `['*']`. */
  readonly elements: readonly string[]
  /** What a BTG decision opens, each `Type/id`; empty for every other template. */
  readonly items: readonly string[]
  readonly userSelected: boolean
  readonly selfSelected: boolean
}

export const BLOCK_KINDS = ['record', 'document', 'unit', 'employee', 'profession'] as const

/** A block (sperring) the patient has asked for. */
export type Block = {
  readonly id: string
  readonly kind: (typeof BLOCK_KINDS)[number]
  /** Empty for `record`; `Type/id` for `document`; a unit, a user, or a Volven 9060 code for the others. */
  readonly target: string
}

export type PatientFacts = {
  readonly patient: string
  readonly epoch: string
  readonly inCareTeam: boolean
  /** Units that have the patient in care now. */
  readonly contactUnits: readonly string[]
  /** Live now, for this person in this role. */
  readonly decisions: readonly CareDecision[]
  readonly blocks: readonly Block[]
  /** The citizen's own record. No host tells of guardianships. */
  readonly self: boolean
}

export type CaseFacts = {
  /** Null when no person stands behind the question (a backend service), or when the host does not know the one asked about. */
  readonly person: PersonFacts | null
  readonly patients: ReadonlyMap<string, PatientFacts>
  readonly at: Date
}

export type FactsAsked = {
  readonly tenant: string
  /** Null for a backend service: only the patients are asked about. */
  readonly user: string | null
  readonly role: string | null
  readonly patients: readonly string[]
}

export type FactsOptions = { readonly traceparent: string; readonly signal?: AbortSignal }

export type FactSource = {
  /** Throws FactsUnavailable when the truth cannot be had in time; a person or patient unknown here is not an error. */
  readonly read: (asked: FactsAsked, options: FactsOptions) => Promise<CaseFacts>
}

/** The facts could not be had, so nothing may be decided on them. */
export class FactsUnavailable extends Error {
  override readonly name = 'FactsUnavailable'
  readonly code: 'facts-unavailable' | 'clock-skew'

  constructor(
    message: string,
    options: { readonly code?: 'facts-unavailable' | 'clock-skew'; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause })
    this.code = options.code ?? 'facts-unavailable'
  }
}
