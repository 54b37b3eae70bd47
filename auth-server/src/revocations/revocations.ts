import type { Position } from '@uthopp/server-kit/change-stream'

/** What died before its access tokens expired. The id is never a secret: each of them stands readable in tokens or logs. */
export type Revoked = {
  /** `token`: one access token by its `jti`, for those that no grant holds. */
  readonly kind: 'grant' | 'client' | 'user' | 'launch' | 'token'
  readonly id: string
}

export type Revocation = Revoked & {
  /** What a client or user was given until then is dead; a token named, or of a grant, is dead whenever it was issued. */
  readonly at: Date
  readonly sequence: number
}

type Page = {
  readonly revocations: readonly Revocation[]
  /** Where to read on. */
  readonly position: Position
  /** True when there may be more already. */
  readonly full: boolean
}

/**
 * The revocations of one tenant, in the order in which they were committed.
 *
 * INVARIANT: a sequence number becomes visible only after every lower one has, also across processes, so whoever reads from
 * a position on misses nothing.
 */
export interface RevocationLog {
  /** Where a reader begins who knows nothing, or whose position means nothing here. Everything still kept comes after it. */
  start(): Promise<Position>
  /** The position, when this log once gave it. */
  resume(position: Position): Promise<Position | undefined>
  readAfter(position: Position): Promise<Page>
}
