/** Who may still bring tokens nobody has seen before. */
export type Guesses = {
  /** Seconds to wait, or nothing when a question may be asked now. */
  readonly take: (place: string) => number | undefined
  /** The token was good, so it was no guess. */
  readonly giveBack: (place: string) => void
}

type Bucket = { left: number; filledAt: number }

const MOST_PLACES = 10_000

/** A bucket a place, that fills with time. The place seen longest ago makes room for the newest. */
export function createGuesses(options: {
  readonly burst: number
  readonly aSecond: number
  /** Milliseconds of a clock that only runs forward. */
  readonly ticks: () => number
}): Guesses {
  const { burst, aSecond, ticks } = options
  const buckets = new Map<string, Bucket>()

  function bucketOf(place: string): Bucket {
    const at = ticks()
    const known = buckets.get(place) ?? { left: burst, filledAt: at }
    known.left = Math.min(burst, known.left + ((at - known.filledAt) * aSecond) / 1000)
    known.filledAt = at
    buckets.delete(place)
    const oldest = buckets.keys().next()
    if (buckets.size >= MOST_PLACES && !oldest.done) buckets.delete(oldest.value)
    buckets.set(place, known)
    return known
  }

  return {
    take(place) {
      const bucket = bucketOf(place)
      if (bucket.left < 1) return Math.ceil((1 - bucket.left) / aSecond)
      bucket.left -= 1
      return undefined
    },
    giveBack(place) {
      const bucket = bucketOf(place)
      bucket.left = Math.min(burst, bucket.left + 1)
    },
  }
}
