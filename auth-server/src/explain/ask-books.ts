import { Worker } from 'node:worker_threads'
import { refuse } from '@uthopp/server-kit/refusal'
import type { BookResult, BookTask } from './book-task.ts'

const LONGEST_MS = 30_000
const MOST_MEGABYTES = 256

export type AskBooks = <K extends BookTask['kind']>(
  task: Extract<BookTask, { readonly kind: K }>,
) => Promise<Extract<BookResult, { readonly kind: K }>>

/**
 * Puts questions to rule books that do not serve, in a thread that ends with the answer.
 *
 * A candidate may be slow, wrong or enormous, and Cedar keeps what it has parsed for as long as its thread lives (CE-24): the
 * thread that decides about access never sees one. One at a time, because a thread costs as much as the whole decision point.
 */
export function createAskBooks(): AskBooks {
  let busy = false
  return async (task) => {
    if (busy)
      return refuse(503, 'temporarily_unavailable', 'another rule book is being asked right now', {
        headers: { 'retry-after': '2' },
      })
    busy = true
    const worker = new Worker(new URL('./book-worker.ts', import.meta.url), {
      workerData: task,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    })
    try {
      const result = await answerOf(worker)
      return result as Extract<BookResult, { readonly kind: typeof task.kind }> // the worker answers the kind it was asked
    } finally {
      busy = false
      await worker.terminate()
    }
  }
}

const answerOf = (worker: Worker): Promise<BookResult> =>
  new Promise((resolve, reject) => {
    const tooLong = setTimeout(() => reject(new Error('the rule books took too long')), LONGEST_MS)
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the thread ended without an answer')))
    worker.once('exit', () => clearTimeout(tooLong))
  })
