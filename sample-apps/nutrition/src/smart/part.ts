import { type Failure, failureOf } from './failure.ts'

/** One part of a screen: what was read, or why this part stays closed while the others show. */
export type Part<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'closed'; readonly failure: Failure }

/** Waits for one part. A session that ended closes the whole screen, so that is still thrown. */
export async function readPart<T>(reading: Promise<T>, signal: AbortSignal): Promise<Part<T>> {
  try {
    return { kind: 'read', value: await reading }
  } catch (error) {
    signal.throwIfAborted()
    const failure = failureOf(error)
    if (failure.kind === 'expired') throw error
    return { kind: 'closed', failure }
  }
}

/** The short line in place of what is not shown. It never sounds like nothing being registered. */
export const closedLine = ({ kind }: Failure): string => (kind === 'no-access' ? 'Ingen tilgang' : 'Kunne ikke leses')
