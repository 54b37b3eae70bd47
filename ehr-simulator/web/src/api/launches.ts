import { record, text, type Reader } from './read.ts'

/** An imaging study, or a task that asks for the app. */
export type LaunchSubject = { readonly kind: 'study' | 'task'; readonly id: string }

/** What the work surface asks for when a tile, a tab or an own window opens an app. */
export type LaunchWish = {
  readonly app: string
  readonly workspace: string
  readonly patient: string | null
  /** What the app should open on, where the click says more than "this patient". */
  readonly about: LaunchSubject | null
  /** An app in its own window has no patient line above it and must show its own banner. */
  readonly ownWindow: boolean
}

/** The start address is a bearer secret: posted at once, never stored or shown. */
export type LaunchOffer = { readonly launch: string; readonly startUrl: string }

const readOnWire = record<{ launch: string; start_url: string }>({ launch: text, start_url: text })

export const readOffer: Reader<LaunchOffer> = (value, at) => {
  const { launch, start_url: startUrl } = readOnWire(value, at)
  return { launch, startUrl }
}
