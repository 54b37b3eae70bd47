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
   * Whether this token had standing towards the patients before. It tells that what is about to be asked for will most likely
   * be permitted again, so that it may be fetched meanwhile.
   */
  readonly standing: (patients: readonly string[]) => Glimpse
}

/**
 * As long as somebody reads on in one chart. While facts are fresh the answer is at hand and nothing is fetched meanwhile, so a
 * limit as short as theirs would never let anything be.
 */
const MOST_STANDING_MS = 60_000

const MOST_REMEMBERED = 10_000

type Seen = Map<string, { readonly mark: string; readonly until: number }>

/**
 * Remembers what looking past a page found, as long as a permit is remembered: as short as facts may be old; that somebody had
 * standing, for a minute. Neither any longer than nothing is heard of the person and the patients it is about.
 *
 * INVARIANT: what is remembered shows nothing and permits nothing. Whatever is shown is decided each time.
 */
export function createGlimpses({ now }: { readonly now: () => Date }) {
  const known: Seen = new Map()
  const stood: Seen = new Map()

  /** `holder`: one token; `markOf` changes with what decisions about these patients stand on. */
  return (holder: string, markOf: (patients: readonly string[]) => string | undefined): Glimpses => {
    function glimpse(seen: Seen, mostAgeMs: number, what: string, patients: readonly string[]): Glimpse {
      // Of whom it is not known what is heard, nothing can be remembered. Both times are those before the look.
      const mark = patients.length === 0 ? undefined : markOf(patients)
      if (mark === undefined) return { isKnown: false, note: () => undefined }
      const at = now().getTime()
      const key = JSON.stringify([holder, what, patients])
      const found = seen.get(key)
      const left = found === undefined || found.mark !== mark ? 0 : found.until - at
      return {
        isKnown: left > 0 && left <= mostAgeMs,
        note: () => put(seen, key, { mark, until: at + mostAgeMs }),
      }
    }
    return {
      of: (what, patients) => glimpse(known, MOST_AGE_MS, what, patients),
      standing: (patients) => glimpse(stood, MOST_STANDING_MS, 'standing', patients),
    }
  }
}

function put<Value>(known: Map<string, Value>, key: string, value: Value): void {
  const oldest = known.keys().next()
  if (known.size >= MOST_REMEMBERED && !oldest.done) known.delete(oldest.value)
  known.delete(key)
  known.set(key, value)
}

export type GlimpsesOf = ReturnType<typeof createGlimpses>
