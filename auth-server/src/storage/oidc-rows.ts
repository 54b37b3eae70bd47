import type { Inside } from './clients.ts'

/** What the OAuth library keeps about one code, token, grant or assertion. `id` may be a bearer value. */
export type OidcRow = {
  readonly model: string
  readonly id: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly grantId: string | undefined
  readonly uid: string | undefined
  readonly expiresAt: Date | undefined
}

export type FoundOidcRow = {
  readonly payload: Readonly<Record<string, unknown>>
  readonly consumedAt: Date | undefined
}

/**
 * The library's rows of one tenant.
 *
 * Ids are stored hashed and the payload without its `jti`: whoever reads the database holds no code and no token.
 * `find` puts the `jti` back, since only a caller who already has the id can ask.
 */
export interface OidcRows {
  put(row: OidcRow): Promise<void>
  /** Answers false, changing nothing, when the id was there before: of several identical assertions one is the first. */
  putOnce(row: OidcRow): Promise<boolean>
  find(model: string, id: string): Promise<FoundOidcRow | undefined>
  findByUid(model: string, uid: string): Promise<FoundOidcRow | undefined>
  /** Answers true to exactly one caller, also across processes (RFC 6749 §4.1.2: a code is used at most once). */
  consume(model: string, id: string, now: Date): Promise<boolean>
  destroy(model: string, id: string): Promise<void>
  /** An access token that its holder looks up here; readers of the stream of revocations hear of it under its public name. */
  destroyToken(token: { readonly model: string; readonly id: string; readonly name: string }, now: Date): Promise<void>
  /** The grant and everything issued from it; whoever reads its access tokens hears of it by the revocation stream. */
  destroyByGrant(grantId: string, now: Date, inside?: Inside): Promise<void>
}
