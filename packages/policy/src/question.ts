/** Who asks. `role` is the active role's id; a client has none. */
export type Subject = {
  readonly kind: 'clinician' | 'citizen' | 'client'
  readonly id: string
  readonly role: string | null
}

/** What the enforcement point itself witnessed. Nothing an app merely claims belongs here (AuthZEN, see AZ-8). */
export type Circumstance = {
  readonly tenant: string
  readonly clientId: string
  readonly zone: 'internal' | 'external'
  readonly mayWrite: boolean
  readonly senderConstrained: boolean
  readonly launchBound: boolean
  readonly launchPatient: string | null
  /** Single letters held: `Observation.r`, `*.r`. */
  readonly grants: readonly string[]
  readonly acr: number
  /** From the launch record. Absent is a deny: a purpose is never invented here. */
  readonly purpose: string | null
  /** The decision the person chose, by id. */
  readonly decision: string | null
  readonly correlationId: string
  readonly traceparent: string
}

export const DATA_ACTIONS = ['read', 'search', 'create', 'update', 'delete'] as const
export type DataAction = (typeof DATA_ACTIONS)[number]

/** Questions that name no resource are about `circumstance.launchPatient`: for the host's dialogs, the patient on the screen. */
export type Question =
  | { readonly action: DataAction; readonly resource: AskedResource }
  | { readonly action: 'grantScope'; readonly scope: AskedLetter }
  | { readonly action: 'launch'; readonly app: string }
  | {
      readonly action: 'selfAuthorize'
      readonly template: string
      readonly reasonChars: number
      readonly confirmed: boolean
    }
  | {
      readonly action: 'breakGlass'
      readonly items: readonly string[]
      readonly reasonChars: number
      readonly confirmed: boolean
    }

export type AskedResource = {
  readonly type: string
  readonly id: string | null
  /** Whose data this is; null for what is nobody's (the directory). */
  readonly patient: string | null
  /** `system|code` of `meta.security`. */
  readonly labels: readonly string[]
  /** Units of the author or owner. */
  readonly units: readonly string[]
  /** Practitioner ids. */
  readonly authors: readonly string[]
}

export const LETTERS = ['c', 'r', 'u', 'd', 's'] as const
export type Letter = (typeof LETTERS)[number]

/** One letter of one requested scope, or a scope that is not about resources. */
export type AskedLetter =
  | {
      readonly level: 'patient' | 'user' | 'system'
      readonly type: string
      readonly letter: Letter
      readonly categories: readonly string[]
      readonly registered: boolean
    }
  | { readonly other: string; readonly registered: boolean }
