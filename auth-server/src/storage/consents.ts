import type { Inside } from './clients.ts'

/** What a person was asked about an app, and what of it they allowed. Exact scope strings. */
export type Consent = {
  readonly offered: readonly string[]
  readonly allowed: readonly string[]
  /** The patient whom the page named; null where it named none, absent where nobody wrote it down. */
  readonly patient?: string | null
}

/** The consents of one tenant, one for each person and app: the newest answer counts. */
export interface ConsentStore {
  find(user: string, clientId: string): Promise<Consent | undefined>
  remember(user: string, clientId: string, consent: Consent, now: Date): Promise<void>
  ofUser(user: string): Promise<readonly (Consent & { readonly clientId: string; readonly answeredAt: Date })[]>
  /** Forgets the answer and ends these grants that came of it, whole or not at all; `inside` is the record of it. */
  withdraw(
    withdrawn: {
      readonly user: string
      readonly clientId: string
      readonly grantIds: readonly string[]
      readonly now: Date
    },
    inside: Inside,
  ): Promise<void>
}
