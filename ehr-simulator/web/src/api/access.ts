import { boolean, instant, listOf, nullable, number, oneOf, record, text, type Reader } from './read.ts'

/** A ground for access that the active role may choose itself. */
export type GroundFace = {
  readonly id: string
  readonly title: string
  /** When it is meant to be used. */
  readonly hint: string
  readonly minutes: number
  readonly reasonRequired: boolean
}

/** A person one has no relation to: as much as tells one person from another, and what one may do about it. */
export type AccessFace = {
  readonly patient: {
    readonly id: string
    readonly family: string
    readonly given: string
    readonly birthDate: string
    readonly gender: 'female' | 'male' | 'other' | 'unknown'
  }
  readonly grounds: readonly GroundFace[]
}

/** Access somebody gave themselves, while it lasts. */
export type TakenFace = {
  readonly decision: string
  readonly title: string
  readonly until: Date
  readonly renewable: boolean
  readonly kind: 'chosen' | 'emergency' | 'glass' | 'learning'
}

/** What is blocked, told without saying what it says. */
export type BlockedItem = { readonly id: string; readonly kind: string; readonly at: Date | null }

const GENDER = oneOf('female', 'male', 'other', 'unknown')

export const readAccess: Reader<AccessFace> = record<AccessFace>({
  patient: record<AccessFace['patient']>({ id: text, family: text, given: text, birthDate: text, gender: GENDER }),
  grounds: listOf(record<GroundFace>({ id: text, title: text, hint: text, minutes: number, reasonRequired: boolean })),
})

export const readTaken: Reader<TakenFace> = record<TakenFace>({
  decision: text,
  title: text,
  until: instant,
  renewable: boolean,
  kind: oneOf('chosen', 'emergency', 'glass', 'learning'),
})

export const readBlocked: Reader<{ readonly items: readonly BlockedItem[] }> = record<{
  readonly items: readonly BlockedItem[]
}>({ items: listOf(record<BlockedItem>({ id: text, kind: text, at: nullable(instant) })) })
