import type { CareRooms } from './care-facts.ts'
import { EMERGENCIES } from './must-review.ts'
import { refused } from './self-authorize.ts'
import type { Also } from './storage/decisions.ts'
import type { ReviewOutcome, TakenDecision } from './taken-decisions.ts'

/** What a leader goes through, the newest first; a filter of no unit and no patient finds nothing. */
export const readControlList = (
  { decisions }: Pick<CareRooms, 'decisions'>,
  asked: { readonly units: readonly string[]; readonly patients: readonly string[]; readonly since: Date },
): Promise<readonly TakenDecision[]> => decisions.selfAuthorized({ ...asked, templates: EMERGENCIES })

const LEAST_NOTE = 3
const MOST_NOTE = 500

/** Writes down, once, what a leader made of an access; nobody reviews their own. */
export async function review(
  { decisions, now }: Pick<CareRooms, 'decisions' | 'now'>,
  given: {
    readonly id: string
    readonly by: string
    readonly units: readonly string[]
    readonly outcome: ReviewOutcome
    readonly note: string
  },
  also: Also,
): Promise<
  | { readonly kind: 'reviewed' }
  | { readonly kind: 'refused'; readonly code: 'review_not_available' | 'own_access' | 'note_required' }
> {
  const decision = await decisions.find(given.id)
  if (decision === undefined || !decision.selfSelected || !given.units.includes(decision.unit))
    return refused('review_not_available')
  if (decision.user === given.by) return refused('own_access')
  const note = given.note.trim()
  if (note.length < LEAST_NOTE || note.length > MOST_NOTE) return refused('note_required')
  const entry = { at: now(), by: given.by, outcome: given.outcome, note }
  return (await decisions.review(given.id, decision.unit, entry, also))
    ? { kind: 'reviewed' }
    : refused('review_not_available')
}
