/** Answers a question from memory, or asks it and remembers. */
export type Remember<Value> = (key: string, ask: () => Promise<Value>) => Promise<Value>

/**
 * Remembers what expensive questions were answered with, for a fixed time and no more than `limit` of them.
 *
 * Many askers share one question; a failure is told to all of them and then forgotten.
 */
export function remembered<Value>(options: {
  readonly forMs: number
  readonly limit: number
  readonly now: () => Date
}): Remember<Value> {
  const entries = new Map<string, { readonly value: Promise<Value>; readonly until: number }>()
  return (key, ask) => {
    const now = options.now().getTime()
    const known = entries.get(key)
    if (known && known.until > now) return known.value
    entries.delete(key)
    const oldest = entries.keys().next()
    if (entries.size >= options.limit && !oldest.done) entries.delete(oldest.value)
    const entry = { value: ask(), until: now + options.forMs }
    entries.set(key, entry)
    entry.value.catch(() => {
      if (entries.get(key) === entry) entries.delete(key)
    })
    return entry.value
  }
}
