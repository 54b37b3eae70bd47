import type { Client } from '#src/clients/client.ts'

/** What the trust decided, when it gave the token out, of the apps registered with it. */
export type Admitted = {
  readonly zone: Client['zone']
  /** For launches, or as a backend service; without it an app is known and can be offered to nobody. */
  readonly approved: boolean
  /** The most an app can register with it; null where nothing is approved, so that nothing has to be bounded. */
  readonly scope: string | null
}

export type InitialToken = Admitted & {
  readonly tokenHash: string
  /** How many apps it is good for, still. */
  readonly uses: number
  readonly expiresAt: Date
}

/** 72 bits: told apart for certain, and far from the 256 of the token. */
export const NAME_LENGTH = 12

/** What an operator and the access log call a token: a part of its hash, which opens nothing and says nothing about it. */
export const nameOfInitialToken = (tokenHash: string): string => tokenHash.slice(0, NAME_LENGTH)

/** The initial access tokens of one tenant, by their hashes. Unknown, spent, withdrawn and expired ones cannot be told apart. */
export interface InitialTokens {
  add(token: InitialToken): Promise<void>
  /** Looks without spending, so that a mistake in the metadata costs nothing. */
  find(tokenHash: string, now: Date): Promise<Admitted | undefined>
  /** Takes one use; of simultaneous callers as many succeed as there are uses. */
  spend(tokenHash: string, now: Date): Promise<Admitted | undefined>
  /** For a registration that came to nothing through no fault of its own. A token withdrawn meanwhile stays withdrawn. */
  giveBack(tokenHash: string): Promise<void>
  /** Those that are still good, the one that ends first at the beginning. */
  all(now: Date): Promise<readonly InitialToken[]>
  /** Ends one that has leaked or is not needed, by its name; false when there is none of that name. */
  withdraw(name: string): Promise<boolean>
}
