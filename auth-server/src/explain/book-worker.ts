import { parentPort, workerData } from 'node:worker_threads'
import { createEngine } from '@uthopp/policy/engine'
import { createDecisionPoint } from '@uthopp/policy/in-process'
import { makeRuleBook, OWN_RULES, readRuleBook, type RuleBook } from '@uthopp/policy/rule-book'
import { parseTrace } from '@uthopp/policy/trace'
import { isProblem } from '@uthopp/smart-core/problem'
import type { BookAnswers, BookChange, BookProblem, BookResult, BookTask, Verdicts } from './book-task.ts'
import { isTrace } from './is-trace.ts'

const bookIn = async (folder: string): Promise<RuleBook | BookProblem> => {
  const book = await readRuleBook(folder === '' ? OWN_RULES : folder)
  return isProblem(book) ? { problem: book.reason } : book
}

/** A candidate is accepted as strictly as a book that would serve. */
function changed(book: RuleBook, change: BookChange): RuleBook | BookProblem {
  const rules = new Map(book.rules)
  for (const [id, text] of change) {
    if (text === null) rules.delete(id)
    else rules.set(id, text)
  }
  const made = makeRuleBook(book.schema, rules)
  return isProblem(made) ? { problem: made.reason } : made
}

async function answersOf(
  book: RuleBook,
  { facts, asks, at }: Extract<BookTask, { kind: 'what-if' }>,
): Promise<BookAnswers | BookProblem> {
  const point = createDecisionPoint({
    facts: { read: async () => facts },
    rules: book,
    now: () => at,
    log: () => undefined,
  })
  try {
    const answers = await point.decideAll(asks)
    const missing = point.ready()
    return missing === undefined ? { version: book.version, answers } : { problem: missing }
  } finally {
    await point.close()
  }
}

function verdictsOf(book: RuleBook, traces: readonly unknown[]): Verdicts | BookProblem {
  const engine = createEngine()
  const trouble = engine.load(book)
  if (trouble !== undefined) return { problem: trouble.reason }
  const verdicts = traces.map((trace) => {
    const asked = isTrace(trace) ? parseTrace(trace) : undefined
    if (asked === undefined || isProblem(asked)) return null
    const { effect, rules } = engine.evaluate(asked)
    return { effect, rules }
  })
  return { version: book.version, verdicts }
}

async function run(task: BookTask): Promise<BookResult> {
  const serving = await bookIn(task.folder)
  if ('problem' in serving)
    return task.kind === 'what-if' ? { kind: task.kind, serving, candidate: null } : { kind: task.kind, book: serving }
  if (task.kind === 'rules') return { kind: 'rules', book: { version: serving.version, rules: [...serving.rules] } }
  const candidate = task.change === null ? null : changed(serving, task.change)
  if (task.kind === 'replay') {
    const book = candidate ?? serving
    return { kind: 'replay', book: 'problem' in book ? book : verdictsOf(book, task.traces) }
  }
  return {
    kind: 'what-if',
    serving: await answersOf(serving, task),
    candidate: candidate === null || 'problem' in candidate ? candidate : await answersOf(candidate, task),
  }
}

const task = workerData as BookTask // given by `ask-books.ts`, which starts this thread
parentPort?.postMessage(await run(task), [])
