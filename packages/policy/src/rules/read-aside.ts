import { Worker } from 'node:worker_threads'
import { type Problem, problem } from '@uthopp/smart-core/problem'
import type { Read } from './reader.ts'
import type { RuleBook } from './rule-book.ts'

type Reader = {
  readonly worker: Worker
  readonly pending: Map<number, (book: RuleBook | Problem) => void>
  idle: NodeJS.Timeout | undefined
}

/** Reading takes a second or two; a book that Cedar cannot finish is none. */
const MOST_MS = 60_000
/** Several trusts read the same folder at about the same time, and the thread remembers what it has read. */
const IDLE_MS = 2000

let reader: Reader | undefined
let tasks = 0

/** Reads and validates a folder of rules in a thread of its own, one for the whole process. */
export function readRulesAside(folder: string): Promise<RuleBook | Problem> {
  const { worker, pending, idle } = (reader ??= start())
  clearTimeout(idle)
  tasks += 1
  const id = tasks
  return new Promise((resolve) => {
    const late = setTimeout(() => void worker.terminate(), MOST_MS).unref()
    pending.set(id, (book) => {
      clearTimeout(late)
      resolve(book)
    })
    worker.ref()
    worker.postMessage({ id, folder }, [])
  })
}

function start(): Reader {
  const worker = new Worker(new URL('./reader.ts', import.meta.url))
  const mine: Reader = { worker, pending: new Map(), idle: undefined }
  const stopped = (): void => {
    if (reader === mine) reader = undefined
    clearTimeout(mine.idle)
    for (const settle of mine.pending.values()) settle(problem('rules', 'the rule book could not be read in time'))
    mine.pending.clear()
  }
  worker.on('message', ({ id, book }: Read) => {
    const settle = mine.pending.get(id)
    mine.pending.delete(id)
    settle?.(book)
    if (mine.pending.size > 0) return
    worker.unref()
    mine.idle = setTimeout(() => {
      if (reader === mine) reader = undefined
      void worker.terminate()
    }, IDLE_MS).unref()
  })
  worker.on('error', stopped)
  worker.on('exit', stopped)
  return mine
}
