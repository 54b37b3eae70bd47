import { hash } from 'node:crypto'
import type { CareRooms } from './care-facts.ts'
import { refused } from './self-authorize.ts'
import type { ReviewOutcome, TakenDecision } from './taken-decisions.ts'

/** Emergencies are looked at one by one; of the rest, every fifth (norway.md §6.3, point 1). */
const ALWAYS: ReadonlySet<string> = new Set(['BLAALYS', 'BTG'])
const SAMPLE = 5

/** Decided by the id, so that the same entry is in the sample for whoever looks, and nobody can choose. */
export const mustReview = ({ id, template }: TakenDecision): boolean =>
  ALWAYS.has(template) || Number.parseInt(hash('sha256', id).slice(0, 8), 16) % SAMPLE === 0

/** What the staff of these units gave themselves, the newest first. */
export async function readControlList(
  { decisions }: Pick<CareRooms, 'decisions'>,
  { units, since }: { readonly units: readonly string[]; readonly since: Date },
): Promise<readonly TakenDecision[]> {
  const each = await Promise.all(units.map((unit) => decisions.selfAuthorized(unit, since)))
  return each.flat().toSorted((one, other) => other.validFrom.getTime() - one.validFrom.getTime())
}

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
  return (await decisions.review(given.id, decision.unit, entry))
    ? { kind: 'reviewed' }
    : refused('review_not_available')
}
