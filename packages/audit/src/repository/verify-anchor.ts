import type { Head } from './append.ts'
import type { HeadLine } from './head-line.ts'
import type { Pruning } from './pruning.ts'
import { retentionEnd } from './retention.ts'

/** A head somebody wrote down elsewhere: what the chain of that moment must still lead to. */
export type Witness = Omit<HeadLine, 'file' | 'line' | 'previous'>

/** How long records are to be kept, and what time it is. */
export type RetentionKept = { readonly years: number; readonly now: Date }

/** A clock may be a little ahead of the verifier's. */
const CLOCKS_APART_MS = 24 * 60 * 60_000
/** How much later than it was written a record may have come from the outbox of a process that was away. */
const LATE_MS = 31 * 24 * 60 * 60_000

/** The hash each witnessed record must have, or the first record two witnesses disagree about. */
export function witnessedHashes(own: readonly Witness[]): {
  readonly hashes: ReadonlyMap<number, string>
  readonly disagree: number | undefined
} {
  const hashes = new Map<number, string>()
  const said = own.flatMap((head) => [
    [head.sequence, head.hash] as const,
    [head.anchorSequence, head.anchorHash] as const,
  ])
  for (const [sequence, hash] of said) {
    if ((hashes.get(sequence) ?? hash) !== hash) return { hashes, disagree: sequence }
    hashes.set(sequence, hash)
  }
  return { hashes, disagree: undefined }
}

/**
 * What is wrong about where a chain begins. What is gone from before it must have been pruned, by the last record of pruning in
 * the chain, and have been old enough: by the years that record names and the years that are set, and by every witness of it.
 */
export function anchorFault(
  begun: Head,
  pruning: Pruning | undefined,
  own: readonly Witness[],
  kept: RetentionKept | undefined,
): 'anchor-unproven' | 'witness-disagrees' | 'pruned-too-early' | undefined {
  const { anchor_sequence: sequence, anchor_hash: hash } = begun
  if (own.some((head) => head.anchorSequence > sequence)) return 'anchor-unproven'
  if (sequence === 0 && pruning === undefined) return undefined
  if (pruning?.through !== sequence || pruning.hash !== hash) return 'anchor-unproven'
  if ((witnessedHashes(own).hashes.get(sequence) ?? hash) !== hash) return 'witness-disagrees'
  if (pruning.years < (kept?.years ?? 1)) return 'pruned-too-early'
  if (kept !== undefined && pruning.at.getTime() > kept.now.getTime() + CLOCKS_APART_MS) return 'pruned-too-early'
  const end = retentionEnd(pruning.at, pruning.years)
  return own.some((head) => witnessesYounger(head, sequence, end)) ? 'pruned-too-early' : undefined
}

/** True when a record up to `through` was younger than `end`: the last of a head, or one that came after the head was written down. */
const witnessesYounger = ({ sequence, recordedAt, at }: Witness, through: number, end: Date): boolean =>
  (sequence <= through && recordedAt !== null && recordedAt >= end) ||
  (sequence < through && at.getTime() >= end.getTime() + LATE_MS)
