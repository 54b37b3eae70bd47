import type { EngineReason } from './reasons.ts'

/** Denials that speak of us and not of the case: nothing was decided, so nobody was told no, and asking again may help. */
const TROUBLES: ReadonlySet<string> = new Set<EngineReason | 'launch-facts-unavailable'>([
  'clock-skew',
  'facts-contradictory',
  'facts-unavailable',
  // An enforcement point's own: it cannot know who asks.
  'launch-facts-unavailable',
  'pdp-unavailable',
  'rule-book-missing',
  // A rule that failed says nothing, and a chart with holes where it failed would look whole.
  'rule-error',
])

/** True of a denial that is trouble and no answer; the same for everybody who enforces. */
export const isTrouble = ({
  effect,
  reasonCode,
}: {
  readonly effect: 'permit' | 'deny'
  readonly reasonCode: string
}): boolean => effect === 'deny' && TROUBLES.has(reasonCode)
