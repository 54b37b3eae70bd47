import { parentPort, workerData } from 'node:worker_threads'
import { createEngine } from '@uthopp/policy/engine'
import { differencesOf } from '@uthopp/policy/explain'
import { readRuleBook } from '@uthopp/policy/rule-book'
import { isProblem } from '@uthopp/smart-core/problem'
import { isTrace } from './is-trace.ts'

export type DifferencesQuestion = { readonly id: number; readonly trace: unknown }
export type DifferencesAnswer = { readonly id: number; readonly found: readonly unknown[] | null }

/** Rules change seldom, and an explanation may be a minute behind them. */
const READ_AGAIN_MS = 60_000

const folder = String(workerData) // `differences.ts`, which starts this thread, gives the folder of the rules
// One engine for as long as the thread lives: Cedar keeps what it has parsed (CE-24).
const engine = createEngine()
let readAt = Number.NEGATIVE_INFINITY
let turn: Promise<unknown> = Promise.resolve()

async function refresh(): Promise<void> {
  if (performance.now() - readAt < READ_AGAIN_MS) return
  const book = await readRuleBook(folder)
  readAt = performance.now()
  if (!isProblem(book) && book.version !== engine.version()) engine.load(book)
}

async function answer({ id, trace }: DifferencesQuestion): Promise<void> {
  let found: readonly unknown[] | null = null
  try {
    await refresh()
    found = isTrace(trace) ? await Promise.resolve(differencesOf(trace, engine)) : []
  } finally {
    parentPort?.postMessage({ id, found } satisfies DifferencesAnswer, [])
  }
}

parentPort?.on('message', (question: DifferencesQuestion) => {
  turn = turn.then(() => answer(question)).catch(() => undefined)
})
