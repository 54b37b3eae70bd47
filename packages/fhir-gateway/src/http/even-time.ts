import { setTimeout as sleep } from 'node:timers/promises'
import { Refusal } from '@uthopp/server-kit/refusal'
import type { Judge } from '#src/policy/judge.ts'

/**
 * Deciding that something is hidden takes longer than not finding it: visits and documents are looked up, rules are asked, and
 * on an idle machine that is a few milliseconds, a few tens for bytes. Both fit into one step.
 */
const STEP_MS = 50

/** What may mean either "not there" or "hidden". A scope that is missing was found missing before anything was looked up. */
const meansNothing = (error: unknown): boolean =>
  error instanceof Refusal && (error.status === 404 || (error.status === 403 && error.code !== 'insufficient_scope'))

/** Time since whenever, and a pause in it. */
export type Timing = { readonly now: () => number; readonly sleep: (ms: number) => Promise<unknown> }

const MACHINE: Timing = { now: () => performance.now(), sleep: (ms) => sleep(ms) }

type Evenness<T> = {
  readonly showsNothing?: (done: T) => boolean
  readonly timing?: Timing | undefined
}

/**
 * Where policy hides, lets an answer that shows nothing leave at full steps of time alone, so that it does not tell by its
 * haste why there is nothing. What it is written down by comes before.
 */
export async function evenly<T>(
  { enforces }: Pick<Judge, 'enforces'>,
  work: () => Promise<T>,
  { showsNothing = () => false, timing = MACHINE }: Evenness<T> = {},
): Promise<T> {
  if (!enforces) return work()
  const began = timing.now()
  const wait = async (): Promise<void> => {
    const until = began + (Math.floor((timing.now() - began) / STEP_MS) + 1) * STEP_MS
    // Timers count whole milliseconds, and may end within the one before.
    for (let left = until - timing.now(); left > 0; left = until - timing.now()) await timing.sleep(Math.ceil(left))
  }
  try {
    const done = await work()
    if (showsNothing(done)) await wait()
    return done
  } catch (error) {
    if (meansNothing(error)) await wait()
    throw error
  }
}
