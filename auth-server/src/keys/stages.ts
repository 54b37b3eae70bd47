import { LONGEST_TOKEN_SECONDS } from '#src/provider/lifetimes.ts'
import type { StoredKey } from '#src/storage/keys.ts'

/**
 * The life of a signing key. `next` is published and does not sign, so that everybody knows the key before the first token it
 * signs; `retired` is published and signs no more, until the last token it signed has expired; `gone` is forgotten.
 */
export type KeyStage = 'next' | 'current' | 'retired' | 'gone'

/** When keys change. How long one stays published after its time is no setting: it follows from what it signed. */
export type KeySchedule = {
  /** How long a key signs before the next one takes over. */
  readonly signsForMs: number
  /** How long a key is published before it signs. */
  readonly publishedBeforeMs: number
  /** How often storage is asked what other processes, or an operator, have decided. */
  readonly lookEveryMs: number
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

export const scheduleOfDays = (days: number): KeySchedule => ({
  signsForMs: days * DAY_MS,
  publishedBeforeMs: 15 * MINUTE_MS,
  lookEveryMs: 2000,
})

/**
 * How long readers may keep the key set. INVARIANT: well below the time between publishing and signing, which also has to hold
 * a process that looks late and clocks that differ.
 */
export const jwksMaxAgeSeconds = ({ publishedBeforeMs }: KeySchedule): number => Math.floor(publishedBeforeMs / 3000)

/** Room for a process that goes on signing until it looks, and for clocks that differ. */
const KEPT_MS = LONGEST_TOKEN_SECONDS * 1000 + 10 * MINUTE_MS

/**
 * Where each key of one algorithm stands. Everybody who reads the same rows at the same time answers the same: the moment a key
 * begins to sign is stored when it is published, so nothing has to happen, and nobody has to be alive, at that moment.
 */
export function stagesOf<K extends Pick<StoredKey, 'generation' | 'signsFrom'>>(
  keys: readonly K[],
  now: Date,
): readonly (readonly [K, KeyStage])[] {
  const inOrder = keys.toSorted((one, other) => one.generation - other.generation)
  // The oldest signs even if its time has not come: the clock that wrote it may be ahead of ours.
  const current = Math.max(
    0,
    inOrder.findLastIndex(({ signsFrom }) => signsFrom <= now),
  )
  return inOrder.map((key, index) => {
    if (index === current) return [key, 'current'] as const
    if (index > current) return [key, 'next'] as const
    const until = (inOrder[index + 1]?.signsFrom.getTime() ?? 0) + KEPT_MS
    return [key, now.getTime() < until ? 'retired' : 'gone'] as const
  })
}

/** True when the next key has to be published for the current one to end on time. */
export function isNextDue(
  keys: readonly Pick<StoredKey, 'generation' | 'signsFrom'>[],
  schedule: KeySchedule,
  now: Date,
): boolean {
  const stages = stagesOf(keys, now)
  const [current] = stages.find(([, stage]) => stage === 'current') ?? []
  if (current === undefined || stages.some(([, stage]) => stage === 'next')) return false
  return now.getTime() >= current.signsFrom.getTime() + schedule.signsForMs - schedule.publishedBeforeMs
}
