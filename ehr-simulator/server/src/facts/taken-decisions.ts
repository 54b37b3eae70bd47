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

type Templated = Pick<TakenDecision, 'template'>

/** Opens one's own earlier episodes in the host's chart, and nothing else (norway.md §6.3). */
export const isLearning = ({ template }: Templated): boolean => template === 'EGENLAER'

const APPROVED: ReadonlySet<string> = new Set(['KVAL', 'FORSK', 'UNDERVISN', 'ITSYSARB'])

/** Counting and teaching go by a project or a ticket, and open no patient's chart: nobody who decides hears of them. */
export const isDecidedOn = ({ template }: Templated): boolean => !APPROVED.has(template)

/** Looking back, counting and teaching happen in the host itself and never become a token. */
export const isForApps = (taken: Templated): boolean => isDecidedOn(taken) && !isLearning(taken)

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
