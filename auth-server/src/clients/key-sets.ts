import { setTimeout } from 'node:timers/promises'
import type { JSONWebKeySet } from 'jose'
import { FetchRefused } from '#src/registration/guarded-fetch.ts'
import { type KeyName, keysNamed } from './named-key.ts'
import { isPublicKey, publicKeyFault } from './public-key.ts'

export type FetchKeySet = (address: string) => Promise<{ readonly body: string; readonly cacheControl: string }>

/** `missedAt`: when a key was last looked for in vain, right after asking. */
type Entry = { readonly jwks: JSONWebKeySet; readonly freshUntil: number; missedAt: number }

const MAX_FRESH_MS = 60 * 60_000
/** Guards a vendor's server, and ours, against a stream of assertions with invented key ids. */
const AFTER_MISS_MS = 2000
/** An address that did not answer is left alone for as long. */
const AFTER_FAILURE_MS = 2000
/**
 * The least time between two questions to one address, whoever sends assertions; those that come in between wait for the next
 * question and share it. Sets without `max-age` are asked for each time, and assertions cost a stranger nothing.
 */
const BETWEEN_FETCHES_MS = 50
const MAX_ENTRIES = 500
const MAX_KEYS = 20

const keysIn = (value: unknown): readonly unknown[] | undefined =>
  typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys) ? value.keys : undefined

/** Reads a set that an app registers: every key must be one we could use, and the only one of its type under its name. Answers what is wrong. */
export function readKeySet(value: unknown): JSONWebKeySet | string {
  const keys = keysIn(value)
  if (keys === undefined || keys.length === 0 || keys.length > MAX_KEYS)
    return `must be a set of 1 to ${MAX_KEYS} public keys`
  const fault = keys.map(publicKeyFault).find((found) => found !== undefined)
  if (fault !== undefined) return `has an entry that ${fault}`
  const usable = keys.filter(isPublicKey)
  const names = new Set(usable.map(({ kid, kty }) => JSON.stringify([kid, kty])))
  return names.size === usable.length ? { keys: usable } : 'has two keys of one type with one `kid`'
}

/** The usable keys of a set that an app publishes; the others may serve purposes of its own. */
function usableKeys(value: unknown): JSONWebKeySet | undefined {
  const keys = keysIn(value)
  return keys === undefined || keys.length > MAX_KEYS ? undefined : { keys: keys.filter(isPublicKey) }
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
export function createKeySets(fetchKeySet: FetchKeySet, now: () => Date, onFailure: (reason: string) => void) {
  const entries = new Map<string, Entry>()
  const underWay = new Map<string, Promise<Entry>>()

  const attempts = new Map<string, { lastAt: number; failedUntil: number }>()

  /** Waits for this address's turn; the real clock, because it is about load and not about freshness. */
  async function turnOf(address: string): Promise<void> {
    const before = attempts.get(address)
    if (before !== undefined && before.failedUntil > now().getTime())
      throw new FetchRefused('the address did not answer a moment ago')
    const wait = (before?.lastAt ?? Number.NEGATIVE_INFINITY) + BETWEEN_FETCHES_MS - performance.now()
    if (wait > 0) await setTimeout(wait)
    const oldest = attempts.keys().next()
    if (attempts.size >= MAX_ENTRIES && !oldest.done) attempts.delete(oldest.value)
    attempts.set(address, { lastAt: performance.now(), failedUntil: 0 })
  }

  async function fetchEntry(address: string): Promise<Entry> {
    await turnOf(address)
    const { body, cacheControl } = await fetchKeySet(address)
    const jwks = usableKeys(JSON.parse(body))
    if (jwks === undefined) throw new FetchRefused('the address does not hold a set of public keys')
    const entry = { jwks, freshUntil: now().getTime() + freshFor(cacheControl), missedAt: Number.NEGATIVE_INFINITY }
    const oldest = entries.keys().next()
    if (entries.size >= MAX_ENTRIES && !oldest.done) entries.delete(oldest.value)
    entries.set(address, entry)
    return entry
  }

  return {
    /** Rejects when the address does not yield a set of public keys. */
    async find(address: string, name: KeyName): Promise<JSONWebKeySet> {
      const known = entries.get(address)
      const at = now().getTime()
      if (known !== undefined) {
        const usable =
          keysNamed(known.jwks.keys, name).length > 0 ? at < known.freshUntil : at - known.missedAt < AFTER_MISS_MS
        if (usable) return known.jwks
      }
      const asking = underWay.get(address) ?? fetchEntry(address).finally(() => underWay.delete(address))
      underWay.set(address, asking)
      try {
        const entry = await asking
        if (keysNamed(entry.jwks.keys, name).length === 0) entry.missedAt = at
        return entry.jwks
      } catch (error) {
        const attempt = attempts.get(address)
        if (attempt !== undefined && attempt.failedUntil <= at) attempt.failedUntil = at + AFTER_FAILURE_MS
        // Other errors quote the address, which is a stranger's text.
        onFailure(error instanceof FetchRefused ? error.message : 'the address could not be read')
        throw error
      }
    },
  }
}

export type KeySets = ReturnType<typeof createKeySets>
