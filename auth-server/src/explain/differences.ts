import type { DecisionTrace } from '@uthopp/policy/answer'
import { createEngine } from '@uthopp/policy/engine'
import { differencesOf } from '@uthopp/policy/explain'
import { readRuleBook } from '@uthopp/policy/rule-book'
import { isProblem } from '@uthopp/smart-core/problem'
import type { Differences } from './explanation.ts'

/** Rules change seldom, and an explanation may be a minute behind them. */
const READ_AGAIN_MS = 60_000

/** Stored traces come from a database: whatever is no trace is no case. */
export const isTrace = (trace: unknown): trace is DecisionTrace =>
  typeof trace === 'object' &&
  trace !== null &&
  'action' in trace &&
  'principal' in trace &&
  'context' in trace &&
  typeof trace.action === 'string' &&
  typeof trace.principal === 'string' &&
  typeof trace.context === 'object' &&
  trace.context !== null

/** Finds the single facts that would have turned a denial, by the rules of this folder as they are now. */
export function createDifferences(folder: string, ticks: () => number): Differences {
  let readAt = Number.NEGATIVE_INFINITY
  // One engine for as long as the process lives: Cedar keeps what it has parsed (CE-24).
  let engine: ReturnType<typeof createEngine> | undefined

  async function freshEngine() {
    if (engine !== undefined && ticks() - readAt < READ_AGAIN_MS) return engine
    const book = await readRuleBook(folder)
    readAt = ticks()
    engine ??= createEngine()
    if (!isProblem(book) && book.version !== engine.version()) engine.load(book)
    return engine
  }

  return async ({ trace }) => (isTrace(trace) ? differencesOf(trace, await freshEngine()) : [])
}
