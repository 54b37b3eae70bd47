import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { refuse } from '@uthopp/server-kit/refusal'
import type { BookResult, BookTask } from './book-task.ts'

const LONGEST_MS = 30_000
const MOST_MEGABYTES = 256

export type AskBooks = <K extends BookTask['kind']>(
  task: Extract<BookTask, { readonly kind: K }>,
) => Promise<Extract<BookResult, { readonly kind: K }>>

/** Who comes behind this many hears that it is too much, before anything is begun. */
const MOST_WAITING = 4

/**
 * Puts questions to rule books that do not serve, in a thread that ends with the answer.
 *
 * A candidate may be slow, wrong or enormous, and Cedar keeps what it has parsed for as long as its thread lives (CE-24): the
 * thread that decides about access never sees one. One at a time, because a thread costs as much as the whole decision point.
 */
export function createAskBooks(): AskBooks {
  let waiting = 0
  let last: Promise<unknown> = Promise.resolve()
  return async (task) => {
    if (waiting >= MOST_WAITING) return tooMuch('too many rule books are being asked right now')
    waiting += 1
    const answered = last.then(() => askInThread(task))
    last = answered.catch(() => undefined)
    try {
      const result = await answered
      return result as Extract<BookResult, { readonly kind: typeof task.kind }> // the thread answers the kind it was asked
    } finally {
      waiting -= 1
    }
  }
}

const tooMuch = (hint: string): never =>
  refuse(503, 'temporarily_unavailable', hint, { headers: { 'retry-after': '2' } })

async function askInThread(task: BookTask): Promise<BookResult> {
  const worker = new Worker(new URL('./book-worker.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  })
  const limit = new AbortController()
  try {
    return await Promise.race([answerOf(worker), patience(limit.signal)])
  } finally {
    limit.abort()
    await worker.terminate()
  }
}

const answerOf = (worker: Worker): Promise<BookResult> =>
  new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread ended without an answer')))
  })

async function patience(signal: AbortSignal): Promise<never> {
  await sleep(LONGEST_MS, undefined, { signal })
  return tooMuch('the rule books took too long')
}
