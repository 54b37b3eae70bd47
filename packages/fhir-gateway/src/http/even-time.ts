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

/**
 * Where policy hides, lets an answer that shows nothing leave at full steps of time alone, so that it does not tell by its
 * haste why there is nothing. What it is written down by comes before.
 */
export async function evenly<T>(
  { enforces }: Pick<Judge, 'enforces'>,
  work: () => Promise<T>,
  showsNothing: (done: T) => boolean = () => false,
): Promise<T> {
  if (!enforces) return work()
  const began = performance.now()
  const wait = (): Promise<void> => sleep(STEP_MS - ((performance.now() - began) % STEP_MS))
  try {
    const done = await work()
    if (showsNothing(done)) await wait()
    return done
  } catch (error) {
    if (meansNothing(error)) await wait()
    throw error
  }
}
