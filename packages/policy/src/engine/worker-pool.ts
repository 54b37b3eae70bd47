import { Worker } from 'node:worker_threads'
import type { RuleBook } from '#src/rules/rule-book.ts'
import type { CedarCase } from './cedar-case.ts'
import type { Verdict } from './engine.ts'
import type { FromWorker, ToWorker } from './worker.ts'

/** Threads that evaluate larger batches, so that the event loop goes on serving meanwhile. */
export type WorkerPool = {
  readonly load: (book: RuleBook) => void
  /** Undefined when no thread can answer for this version: the caller then evaluates by itself. */
  readonly judge: (version: string, cases: readonly CedarCase[]) => Promise<readonly Verdict[] | undefined>
  readonly close: () => Promise<void>
}

type Thread = {
  readonly worker: Worker
  readonly pending: Map<number, (verdicts: readonly Verdict[] | null) => void>
  /** What it serves; null until it has loaded. */
  version: string | null
}

/** A thread that keeps dying is not started again and again. */
const MOST_RESTARTS = 5

export function createWorkerPool(size: number, onLost: () => void): WorkerPool {
  const threads = new Set<Thread>()
  let book: RuleBook | undefined
  let tasks = 0
  let restarts = 0
  let closed = false

  function start(): void {
    const worker = new Worker(new URL('./worker.ts', import.meta.url))
    worker.unref()
    const thread: Thread = { worker, pending: new Map(), version: null }
    threads.add(thread)
    const send = (message: ToWorker): void => worker.postMessage(message, [])
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'loaded') thread.version = message.version
      else take(thread, message.id)?.(message.verdicts)
    })
    const lost = (): void => {
      if (!threads.delete(thread)) return
      for (const settle of thread.pending.values()) settle(null)
      if (closed) return
      onLost()
      restarts += 1
      if (restarts <= MOST_RESTARTS) start()
    }
    worker.on('error', lost)
    worker.on('exit', lost)
    if (book) send({ kind: 'load', book })
  }

  function judgeOn(thread: Thread, version: string, cases: readonly CedarCase[]): Promise<readonly Verdict[] | null> {
    tasks += 1
    const id = tasks
    return new Promise((resolve) => {
      thread.pending.set(id, resolve)
      thread.worker.postMessage({ kind: 'judge', id, version, cases } satisfies ToWorker, [])
    })
  }

  for (let count = 0; count < size; count += 1) start()

  return {
    load: (next) => {
      book = next
      for (const { worker } of threads) worker.postMessage({ kind: 'load', book: next } satisfies ToWorker, [])
    },
    judge: async (version, cases) => {
      const able = [...threads].filter((thread) => thread.version === version)
      if (able.length === 0) return undefined
      const share = Math.ceil(cases.length / able.length)
      const parts = await Promise.all(
        able.map((thread, index) => judgeOn(thread, version, cases.slice(index * share, (index + 1) * share))),
      )
      const verdicts = parts.flatMap((part) => part ?? [])
      return verdicts.length === cases.length ? verdicts : undefined
    },
    close: async () => {
      closed = true
      await Promise.all([...threads].map(({ worker }) => worker.terminate()))
    },
  }
}

function take(thread: Thread, id: number): ((verdicts: readonly Verdict[] | null) => void) | undefined {
  const settle = thread.pending.get(id)
  thread.pending.delete(id)
  return settle
}
