import { Worker } from 'node:worker_threads'
import type { Differences } from './explanation.ts'
import type { DifferencesAnswer, DifferencesQuestion } from './differences-worker.ts'

/** An explanation does without rather than wait. */
const LONGEST_MS = 5000

type Waiting = (found: readonly unknown[] | null) => void

/**
 * Finds the single facts that would have turned a denial, by the rules of this folder as they are now.
 *
 * In a thread of its own: reading a rule book takes Cedar the better part of a second, and asking it forty times some more, and
 * meanwhile this one has launches to answer. The thread is begun by the first question and holds nothing up when the process ends.
 */
export function createDifferences(folder: string): Differences {
  const waiting = new Map<number, Waiting>()
  let asked = 0
  let thread: Worker | undefined

  function lose(): void {
    thread = undefined
    for (const answer of waiting.values()) answer(null)
    waiting.clear()
  }

  function open(): Worker {
    const worker = new Worker(new URL('./differences-worker.ts', import.meta.url), { workerData: folder })
    worker.on('message', ({ id, found }: DifferencesAnswer) => waiting.get(id)?.(found))
    worker.on('error', lose)
    worker.on('exit', lose)
    worker.unref()
    return worker
  }

  return async ({ trace }) => {
    thread ??= open()
    asked += 1
    const id = asked
    const { promise, resolve } = Promise.withResolvers<readonly unknown[] | null>()
    waiting.set(id, resolve)
    const limit = setTimeout(() => resolve(null), LONGEST_MS)
    thread.postMessage({ id, trace } satisfies DifferencesQuestion, [])
    const found = await promise
    clearTimeout(limit)
    waiting.delete(id)
    return found
  }
}
