import type { JSONWebKeySet, JWK } from 'jose'

export type FetchKeySet = (address: string) => Promise<{ readonly body: string; readonly cacheControl: string }>

/** `missedAt`: when a key was last looked for in vain, right after asking. */
type Entry = { readonly jwks: JSONWebKeySet; readonly freshUntil: number; missedAt: number }

const MAX_FRESH_MS = 60 * 60_000
/** Guards a vendor's server, and ours, against a stream of assertions with invented key ids. */
const AFTER_MISS_MS = 2000
const MAX_ENTRIES = 500
const MAX_KEYS = 20

const ALLOWED_TYPES = new Set(['RSA', 'EC', 'OKP'])

/** Reads the public keys of a set; private and symmetric ones make the whole set unusable. */
export function parseKeySet(value: unknown): JSONWebKeySet | undefined {
  if (typeof value !== 'object' || value === null || !('keys' in value) || !Array.isArray(value.keys)) return undefined
  const keys: unknown[] = value.keys
  const usable = (key: unknown): key is JWK =>
    typeof key === 'object' &&
    key !== null &&
    'kty' in key &&
    ALLOWED_TYPES.has(String(key.kty)) &&
    !('d' in key) &&
    !('k' in key)
  return keys.length > 0 && keys.length <= MAX_KEYS && keys.every(usable) ? { keys } : undefined
}

/** How long a set may be used without asking again (SMART App Launch 2.2.0: never beyond its Cache-Control). */
function freshFor(cacheControl: string): number {
  if (/\bno-store\b|\bno-cache\b/i.test(cacheControl)) return 0
  const maxAge = /\bmax-age=(?<seconds>\d{1,9})\b/i.exec(cacheControl)?.groups?.['seconds']
  return maxAge === undefined ? 0 : Math.min(Number(maxAge) * 1000, MAX_FRESH_MS)
}

/**
 * The key sets of clients that publish them at an address.
 *
 * A set is asked for again when it is stale (SAL-165: at once under `no-store`) and when an assertion names a key it does not
 * have. Where a key was missing right after asking, the next missing key has to wait two seconds; assertions that arrive
 * together share one question.
 */
export function createKeySets(fetchKeySet: FetchKeySet, now: () => Date, onFailure: (error: unknown) => void) {
  const entries = new Map<string, Entry>()
  const underWay = new Map<string, Promise<Entry>>()

  async function fetchEntry(address: string): Promise<Entry> {
    const { body, cacheControl } = await fetchKeySet(address)
    const jwks = parseKeySet(JSON.parse(body))
    if (jwks === undefined) throw new Error('the address does not hold a set of public keys')
    const entry = { jwks, freshUntil: now().getTime() + freshFor(cacheControl), missedAt: Number.NEGATIVE_INFINITY }
    const oldest = entries.keys().next()
    if (entries.size >= MAX_ENTRIES && !oldest.done) entries.delete(oldest.value)
    entries.set(address, entry)
    return entry
  }

  const knows = (jwks: JSONWebKeySet, kid: string | undefined): boolean =>
    kid === undefined || jwks.keys.some((key) => key.kid === kid)

  return {
    /** Rejects when the address does not yield a set of public keys. */
    async find(address: string, kid: string | undefined): Promise<JSONWebKeySet> {
      const known = entries.get(address)
      const at = now().getTime()
      if (known !== undefined) {
        const usable = knows(known.jwks, kid) ? at < known.freshUntil : at - known.missedAt < AFTER_MISS_MS
        if (usable) return known.jwks
      }
      const asking = underWay.get(address) ?? fetchEntry(address).finally(() => underWay.delete(address))
      underWay.set(address, asking)
      try {
        const entry = await asking
        if (!knows(entry.jwks, kid)) entry.missedAt = at
        return entry.jwks
      } catch (error) {
        onFailure(error)
        throw error
      }
    },
  }
}

export type KeySets = ReturnType<typeof createKeySets>
