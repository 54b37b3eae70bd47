import type { Answer } from '@uthopp/policy/answer'
import { isTrouble } from '@uthopp/policy/trouble'

/**
 * What a denial means for the one who asked.
 *
 * - `unavailable`: nothing was decided, because what a decision rests on cannot be had. Asking again may help.
 * - `hidden`: it is blocked, and a blocked resource is answered like one that is not there.
 * - `refused`: the person's own standing is in the way, and the person may hear of it.
 */
export type DenialKind = 'unavailable' | 'hidden' | 'refused'

export function kindOfDenial({
  effect,
  reasonCode,
  requestable,
}: Pick<Answer, 'effect' | 'reasonCode' | 'requestable'>): DenialKind {
  if (isTrouble({ effect, reasonCode })) return 'unavailable'
  return reasonCode.startsWith('blocked') || requestable?.kind === 'break-glass' ? 'hidden' : 'refused'
}
