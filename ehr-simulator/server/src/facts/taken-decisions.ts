import type { CareDecision } from '@uthopp/policy/facts'

/** What a leader made of an access that somebody gave themselves. */
export const REVIEW_OUTCOMES = ['accepted', 'questioned'] as const
export type ReviewOutcome = (typeof REVIEW_OUTCOMES)[number]

export type Review = {
  readonly at: Date
  readonly by: string
  readonly outcome: ReviewOutcome
  readonly note: string
}

/** A decision that somebody made: for themselves in a dialog, or for others in administration. */
export type TakenDecision = {
  readonly id: string
  readonly patient: string
  readonly user: string
  readonly role: string
  /** Where the role works: whose leader hears of it. */
  readonly unit: string
  readonly template: string
  readonly purpose: string
  readonly elements: readonly string[]
  /** `Type/id` of what was blocked and is opened; empty but for BTG. */
  readonly items: readonly string[]
  /** The person's own words. They stay here: neither policy, nor a token, nor a technical log has them. */
  readonly reason: string
  readonly selfSelected: boolean
  readonly validFrom: Date
  readonly validUntil: Date
  /** When it was given up or taken away before its time. */
  readonly endedAt: Date | null
  /** When and why it was prolonged, if it was. */
  readonly renewal: { readonly at: Date; readonly reason: string } | null
  readonly review: Review | null
}

const HOST_ONLY: ReadonlySet<string> = new Set(['EGENLAER', 'KVAL', 'FORSK', 'UNDERVISN', 'ITSYSARB'])

/** Looking back, counting and teaching happen in the host itself and never become a token (norway.md §6.3). */
export const isForApps = ({ template }: Pick<TakenDecision, 'template'>): boolean => !HOST_ONLY.has(template)

/** As the decision point hears of it. */
export const careDecisionOf = (taken: TakenDecision): CareDecision => ({
  id: taken.id,
  template: taken.template,
  family: 'explicit',
  patient: taken.patient,
  purpose: taken.purpose,
  validFrom: taken.validFrom,
  validUntil: taken.validUntil,
  elements: taken.elements,
  items: taken.items,
  userSelected: true,
  selfSelected: taken.selfSelected,
})
