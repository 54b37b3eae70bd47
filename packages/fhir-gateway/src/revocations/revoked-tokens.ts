import type { Revocation } from './stream-line.ts'

/** What of a verified token a revocation can name. */
export type TokenIdentity = {
  readonly tokenId: string
  readonly clientId: string
  readonly subject: string
  /** Absent in tokens of backend services. */
  readonly grantId: string | undefined
  readonly issuedAt: Date
}

export type RevokedTokens = {
  readonly add: (revocation: Revocation) => void
  readonly covers: (token: TokenIdentity) => boolean
}

/** Longer than any access token lives (300 s), with room for clocks that differ and answers that were under way. */
const KEEP_MS = 15 * 60_000
/** A token may still have been signed while its grant was dying. */
const SIGNED_MEANWHILE_MS = 60_000

/**
 * The revocations of one trust that can still matter to a token.
 *
 * Holds no more than `limit`. When one too many arrives the oldest makes room, and from then on every token as old as that
 * one counts as revoked: too much dies, never too little.
 */
export function createRevokedTokens(options: {
  readonly limit: number
  /** Milliseconds of a clock that only runs forward. */
  readonly ticks: () => number
}): RevokedTokens {
  const entries = new Map<string, { readonly at: number; readonly forgetAt: number }>()
  let deadUntil = Number.NEGATIVE_INFINITY

  function forgetOldest(key: string, at: number): void {
    entries.delete(key)
    deadUntil = Math.max(deadUntil, at + SIGNED_MEANWHILE_MS)
  }

  function makeRoom(): void {
    const now = options.ticks()
    for (const [key, { at, forgetAt }] of entries) {
      if (forgetAt <= now) entries.delete(key)
      else if (entries.size >= options.limit) forgetOldest(key, at)
      else return
    }
  }

  const diedAt = (kind: Revocation['kind'], id: string): number =>
    entries.get(`${kind} ${id}`)?.at ?? Number.NEGATIVE_INFINITY

  return {
    add({ kind, id, at }) {
      // No token says which launch it came from; its grant is told beside it.
      if (kind === 'launch') return
      const key = `${kind} ${id}`
      entries.delete(key)
      makeRoom()
      entries.set(key, { at: at.getTime(), forgetAt: options.ticks() + KEEP_MS })
    },
    covers({ tokenId, clientId, subject, grantId, issuedAt }) {
      const issued = issuedAt.getTime()
      return (
        issued <= deadUntil ||
        entries.has(`token ${tokenId}`) ||
        (grantId !== undefined && entries.has(`grant ${grantId}`)) ||
        issued <= diedAt('client', clientId) ||
        issued <= diedAt('user', subject)
      )
    },
  }
}
