import type { Page, Position } from '@uthopp/server-kit/change-stream'

/** What changed, and never how: whoever hears of it asks again. Neither id is a secret or a name. */
export type Changed = { readonly kind: 'patient' | 'user'; readonly id: string }

export type Change = Changed & { readonly sequence: number }

/**
 * The changes of one tenant, in the order in which they were committed; what changed again stands at its latest place only.
 *
 * INVARIANT: a sequence number becomes visible only after every lower one has, also across processes, so whoever reads from
 * a position on misses nothing.
 */
export interface ChangeLog {
  /** The end of the log as it stands: whoever knows nothing yet has nothing to drop. */
  head(): Promise<Position>
  /** The position, when this log once gave it. */
  resume(position: Position): Promise<Position | undefined>
  readAfter(position: Position): Promise<Page<Change>>
  /** The epoch of each: another one than before means that something about the patient is different. */
  epochsOf(patients: readonly string[]): Promise<ReadonlyMap<string, string>>
}
