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

type PoolOptions = {
  readonly size: number
  /** Told of each thread that died or was ended for its silence. */
  readonly onLost: () => void
  readonly program?: URL
  readonly answerMs?: number
  readonly restartMs?: number
}

/** Five hundred cases take a thread some tenths of a second; one that says nothing for so long says nothing at all. */
const ANSWER_MS = 2000
/** A thread that keeps dying is started again ever more seldom, but never given up: each loss is told. */
const RESTART_MS = 100
const SLOWEST_RESTART_MS = 60_000

export function createWorkerPool({
  size,
  onLost,
  program = new URL('./worker.ts', import.meta.url),
  answerMs = ANSWER_MS,
  restartMs = RESTART_MS,
}: PoolOptions): WorkerPool {
  const threads = new Set<Thread>()
  const restarting = new Set<NodeJS.Timeout>()
  let book: RuleBook | undefined
  let tasks = 0
  let pause = restartMs
  let closed = false

  function start(): void {
    const worker = new Worker(program)
    worker.unref()
    const thread: Thread = { worker, pending: new Map(), version: null }
    threads.add(thread)
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'loaded') thread.version = message.version
      else {
        pause = restartMs
        take(thread, message.id)?.(message.verdicts)
      }
    })
    const gone = (): void => lost(thread)
    worker.on('error', gone)
    worker.on('exit', gone)
    if (book) worker.postMessage({ kind: 'load', book } satisfies ToWorker, [])
  }

  function lost(thread: Thread): void {
    if (!threads.delete(thread)) return
    for (const settle of thread.pending.values()) settle(null)
    thread.pending.clear()
    if (closed) return
    onLost()
    const timer = setTimeout(() => {
      restarting.delete(timer)
      start()
    }, pause).unref()
    restarting.add(timer)
    pause = Math.min(SLOWEST_RESTART_MS, pause * 2)
  }

  function judgeOn(thread: Thread, version: string, cases: readonly CedarCase[]): Promise<readonly Verdict[] | null> {
    tasks += 1
    const id = tasks
    return new Promise((resolve) => {
      const silent = setTimeout(() => {
        lost(thread)
        void thread.worker.terminate()
      }, answerMs).unref()
      thread.pending.set(id, (verdicts) => {
        clearTimeout(silent)
        resolve(verdicts)
      })
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
      for (const timer of restarting) clearTimeout(timer)
      await Promise.all([...threads].map(({ worker }) => worker.terminate()))
    },
  }
}

function take(thread: Thread, id: number): ((verdicts: readonly Verdict[] | null) => void) | undefined {
  const settle = thread.pending.get(id)
  thread.pending.delete(id)
  return settle
}
