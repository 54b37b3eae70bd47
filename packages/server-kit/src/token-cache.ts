/** Remembers what a token hash meant until the token expires; the oldest entry makes room for the newest. */
export function createTokenCache<T>(limit: number): {
  readonly get: (hash: string, nowMs: number) => T | undefined
  readonly put: (hash: string, value: T, expiresAtMs: number) => void
} {
  const entries = new Map<string, { readonly value: T; readonly expiresAtMs: number }>()
  return {
    get(hash, nowMs) {
      const entry = entries.get(hash)
      if (!entry) return undefined
      if (entry.expiresAtMs > nowMs) return entry.value
      entries.delete(hash)
      return undefined
    },
    put(hash, value, expiresAtMs) {
      const oldest = entries.keys().next()
      if (entries.size >= limit && !oldest.done) entries.delete(oldest.value)
      entries.set(hash, { value, expiresAtMs })
    },
  }
}
