/** What a person was asked about an app, and what of it they allowed. Exact scope strings. */
export type Consent = { readonly offered: readonly string[]; readonly allowed: readonly string[] }

/** The consents of one tenant, one for each person and app: the newest answer counts. */
export interface ConsentStore {
  find(user: string, clientId: string): Promise<Consent | undefined>
  remember(user: string, clientId: string, consent: Consent, now: Date): Promise<void>
  ofUser(user: string): Promise<readonly (Consent & { readonly clientId: string; readonly answeredAt: Date })[]>
  forget(user: string, clientId: string): Promise<void>
}
