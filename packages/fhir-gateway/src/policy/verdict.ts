import type { Answer } from '@uthopp/policy/answer'

/**
 * What a denial means for the one who asked.
 *
 * - `unavailable`: nothing was decided, because what a decision rests on cannot be had. Asking again may help.
 * - `hidden`: it is blocked, and a blocked resource is answered like one that is not there.
 * - `refused`: the person's own standing is in the way, and the person may hear of it.
 */
export type DenialKind = 'unavailable' | 'hidden' | 'refused'

const UNAVAILABLE: ReadonlySet<string> = new Set([
  'clock-skew',
  'facts-unavailable',
  'launch-facts-unavailable',
  'pdp-unavailable',
  'rule-book-missing',
  // A rule that failed says nothing, and a chart with holes where it failed would look whole.
  'rule-error',
])

export function kindOfDenial({ reasonCode, requestable }: Pick<Answer, 'reasonCode' | 'requestable'>): DenialKind {
  if (UNAVAILABLE.has(reasonCode)) return 'unavailable'
  return reasonCode.startsWith('blocked') || requestable?.kind === 'break-glass' ? 'hidden' : 'refused'
}
