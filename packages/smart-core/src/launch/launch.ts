import type { FhirId } from '../fhir-id.ts'
import type { Withheld } from '../negotiate.ts'
import type { FhirContextItem } from './fhir-context.ts'

declare const launchBrand: unique symbol
type Branded<Name extends string> = string & { readonly [launchBrand]: Name }

/** The opaque `launch` parameter: a bearer secret that travels through the app. */
export type LaunchHandle = Branded<'LaunchHandle'>
/** Names a launch in logs, cookies and audit; opens nothing. */
export type LaunchId = Branded<'LaunchId'>
/** Names the one grant a launch led to. */
export type GrantId = Branded<'GrantId'>

/** How sure the host is of who signed in: the Norwegian assurance levels 1 to 4, or 0 for no word on it. */
export type Assurance = 0 | 1 | 2 | 3 | 4

/** Design §3, stage 1: what a host asks for when somebody clicks a widget. */
export type LaunchIntent = {
  readonly stage: 'intent'
  readonly clientId: string
  readonly user: FhirId
  /** `null` until the directory has named the person's only role. */
  readonly role: FhirId | null
  readonly patient: FhirId | null
  readonly encounter: FhirId | null
  readonly fhirContext: readonly FhirContextItem[]
  readonly intent: string | null
  /** What a task has for the app it names; we pass it on unread. */
  readonly appContext: string | null
  readonly needPatientBanner: boolean
  readonly smartStyleUrl: string | null
  /** The host's id of the care decision (*beslutning*) the person acts under. */
  readonly decision: string | null
  readonly purpose: string | null
  readonly acr: Assurance
  /** The host's sign-in; its end ends the launch. */
  readonly session: string
  /** The work-surface tab; a patient switch there ends the launch. */
  readonly workspace: string | null
  /** Which of the app's registered launch addresses, when it has several. */
  readonly launchUri: string | null
  /** False only for hosts that cannot start a launch through the start address. */
  readonly bound: boolean
}

/** Stage 2: an intent the authorization server has accepted. Secrets are not in it; the store keeps their hashes. */
export type LaunchTicket = {
  readonly stage: 'ticket'
  readonly launchId: LaunchId
  readonly tenant: string
  /** Client id of the host that offered it. */
  readonly host: string
  readonly intent: LaunchIntent & { readonly role: FhirId }
  readonly offeredAt: Date
  readonly expiresAt: Date
}

/** Stage 4: an authorization request whose client, redirect address and audience have been checked. */
export type LaunchRequest = {
  readonly stage: 'request'
  readonly tenant: string
  readonly clientId: string
  /** The `scope` parameter as it was sent. */
  readonly scope: string
  /** The FHIR base, without trailing slash. */
  readonly audience: string
  /** `null` in a standalone launch. */
  readonly handle: LaunchHandle | null
}

/** Stage 6: who, about whom and for what. Complete, or it does not exist. */
export type LaunchContext = {
  readonly stage: 'context'
  readonly kind: 'ehr' | 'standalone'
  readonly tenant: string
  readonly clientId: string
  readonly audience: string
  readonly user: FhirId
  /** Absolute address of the user's own resource; `null` when there is none. */
  readonly fhirUser: string | null
  readonly role: FhirId | null
  readonly patient: FhirId | null
  readonly encounter: FhirId | null
  readonly fhirContext: readonly FhirContextItem[]
  readonly intent: string | null
  readonly appContext: string | null
  /** `null` says nothing about the banner (standalone launches). */
  readonly needPatientBanner: boolean | null
  readonly smartStyleUrl: string | null
  readonly decision: string | null
  readonly purpose: string | null
  readonly acr: Assurance
  readonly session: string | null
  readonly workspace: string | null
  /** `null` in a standalone launch. */
  readonly launchId: LaunchId | null
}

/** Stage 7: a context and the scopes it was given, on a grant of its own. Tokens are projections of this. */
export type AuthorizedLaunch = {
  readonly stage: 'authorized'
  readonly grantId: GrantId
  readonly context: LaunchContext
  /** Exact scope strings, in the dialect they were asked in. */
  readonly granted: readonly [string, ...string[]]
  readonly withheld: readonly Withheld[]
}
