import { MOST_AGE_MS } from '@uthopp/policy/fact-cache'

/** One thing that may be found out by looking, and was perhaps found out a moment ago. */
type Glimpse = {
  readonly isKnown: boolean
  /** To be called when the look that this glimpse would have spared found it so. */
  readonly note: () => void
}

/** Looks at what is not shown, of one caller. */
export type Glimpses = {
  readonly of: (what: string, patients: readonly string[]) => Glimpse
  /**
   * True when this token had standing towards the patients before. It permits nothing, however short ago that was: it tells
   * that what is about to be asked for will most likely be permitted again, so that it may be fetched meanwhile.
   */
  readonly stoodTowards: (patients: readonly string[]) => boolean
  readonly noteStanding: (patients: readonly string[]) => void
}

const MOST_REMEMBERED = 10_000

/**
 * Remembers what looking past a page found, as long as a permit is remembered: as short as facts may be old, and no longer
 * than nothing is heard of the person and the patients it is about.
 *
 * INVARIANT: what is remembered shows nothing and permits nothing. Whatever is shown is decided each time.
 */
export function createGlimpses({ now }: { readonly now: () => Date }) {
  const known = new Map<string, { readonly mark: string; readonly until: number }>()
  const stood = new Map<string, true>()

  /** `holder`: one token; `markOf` changes with what decisions about these patients stand on. */
  return (holder: string, markOf: (patients: readonly string[]) => string | undefined): Glimpses => ({
    of(what, patients) {
      // Of whom it is not known what is heard, nothing can be remembered. Both times are those before the look.
      const mark = patients.length === 0 ? undefined : markOf(patients)
      if (mark === undefined) return { isKnown: false, note: () => undefined }
      const at = now().getTime()
      const key = JSON.stringify([holder, what, patients])
      const found = known.get(key)
      const left = found === undefined || found.mark !== mark ? 0 : found.until - at
      return {
        isKnown: left > 0 && left <= MOST_AGE_MS,
        note: () => put(known, key, { mark, until: at + MOST_AGE_MS }),
      }
    },
    stoodTowards: (patients) => stood.has(JSON.stringify([holder, patients])),
    noteStanding: (patients) => put(stood, JSON.stringify([holder, patients]), true),
  })
}

function put<Value>(known: Map<string, Value>, key: string, value: Value): void {
  const oldest = known.keys().next()
  if (known.size >= MOST_REMEMBERED && !oldest.done) known.delete(oldest.value)
  known.delete(key)
  known.set(key, value)
}

export type GlimpsesOf = ReturnType<typeof createGlimpses>
