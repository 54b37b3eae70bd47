import { boolean, instant, listOf, nullable, number, oneOf, record, text, type Reader } from './read.ts'

export const OUTCOMES = ['accepted', 'questioned'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** One access that somebody gave themselves, as the leader of their unit sees it. */
export type ControlEntry = {
  readonly decision: string
  readonly title: string
  readonly kind: 'chosen' | 'emergency' | 'glass' | 'learning'
  readonly at: Date
  readonly until: Date
  readonly who: string
  readonly role: string
  readonly patient: string
  readonly reason: string
  readonly items: number
  readonly mustReview: boolean
  readonly review: {
    readonly at: Date
    readonly by: string
    readonly outcome: Outcome
    readonly note: string
  } | null
}

export type ControlFace = { readonly unit: string; readonly entries: readonly ControlEntry[] }

export const readControl: Reader<ControlFace> = record<ControlFace>({
  unit: text,
  entries: listOf(
    record<ControlEntry>({
      decision: text,
      title: text,
      kind: oneOf('chosen', 'emergency', 'glass', 'learning'),
      at: instant,
      until: instant,
      who: text,
      role: text,
      patient: text,
      reason: text,
      items: number,
      mustReview: boolean,
      review: nullable(
        record<NonNullable<ControlEntry['review']>>({
          at: instant,
          by: text,
          outcome: oneOf(...OUTCOMES),
          note: text,
        }),
      ),
    }),
  ),
})
