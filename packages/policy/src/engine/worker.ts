import { parentPort } from 'node:worker_threads'
import type { RuleBook } from '#src/rules/rule-book.ts'
import type { CedarCase } from './cedar-case.ts'
import { createEngine, type Verdict } from './engine.ts'
import { PROBES } from './probes.ts'

export type ToWorker =
  | { readonly kind: 'load'; readonly book: RuleBook }
  | { readonly kind: 'judge'; readonly id: number; readonly version: string; readonly cases: readonly CedarCase[] }

export type FromWorker =
  | { readonly kind: 'loaded'; readonly version: string | null }
  /** Null: this thread serves another version, so it has no opinion. */
  | { readonly kind: 'judged'; readonly id: number; readonly verdicts: readonly Verdict[] | null }

const engine = createEngine()

// Cedar keeps what it has pre-parsed a thread at a time (CE-25), so each thread loads every book itself.
parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'load') {
    const trouble = engine.load(message.book)
    for (let call = 0; call < 100; call += 1) for (const probe of PROBES) engine.evaluate(probe)
    answer({ kind: 'loaded', version: trouble ? null : message.book.version })
    return
  }
  const { id, version, cases } = message
  const verdicts = engine.version() === version ? cases.map(engine.evaluate) : null
  answer({ kind: 'judged', id, verdicts })
})

const answer = (message: FromWorker): void => parentPort?.postMessage(message, [])
