import { type FSWatcher, watch } from 'node:fs'
import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import { type RuleBook, readRuleBook } from '#src/rules/rule-book.ts'
import { createEngine, type Engine } from './engine.ts'
import { PROBES } from './probes.ts'

/** What happened to the rules, for logs and metrics. No case is ever in it. */
export type PolicyEvent =
  | { readonly event: 'rules-loaded'; readonly version: string; readonly rules: number }
  /** A book was turned away; `serving` is the version that goes on, or null when there is none. */
  | { readonly event: 'rules-refused'; readonly reason: string; readonly serving: string | null }
  | { readonly event: 'rule-error'; readonly action: string; readonly version: string; readonly reason: string }
  | { readonly event: 'facts-failed'; readonly reason: string }
  | { readonly event: 'worker-lost' }

export type PolicyStatus = {
  readonly version: string | null
  /** Why the rules on disk do not serve, when they do not. */
  readonly refused: string | null
}

export type RuleLibrary = {
  readonly engine: Engine
  readonly book: () => RuleBook | undefined
  readonly status: () => PolicyStatus
  /** Settles when the first book serves or has been refused. */
  readonly opened: Promise<void>
  /** Called with each book that begins to serve. */
  readonly onBook: (use: (book: RuleBook) => void) => void
  readonly close: () => void
}

/** An editor writes a file in several steps; what lies between them is not a rule book. */
const DEBOUNCE_MS = 150
/** Cedar's compiled code reaches its speed only after some hundred calls. */
const WARM_UP_CALLS = 300

/** Keeps the rules of a folder serving, and takes up every change of it that is without fault. */
export function openRuleLibrary(source: string | RuleBook, log: (event: PolicyEvent) => void): RuleLibrary {
  const engine = createEngine()
  const users: ((book: RuleBook) => void)[] = []
  let serving: RuleBook | undefined
  let refused: string | null = null
  let watcher: FSWatcher | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  function refuse({ reason }: Problem): void {
    refused = reason
    log({ event: 'rules-refused', reason, serving: serving?.version ?? null })
  }

  async function take(): Promise<void> {
    const book = typeof source === 'string' ? await readRuleBook(source) : source
    if (closed) return
    if (isProblem(book)) return refuse(book)
    if (book.version === serving?.version) {
      refused = null
      return
    }
    const trouble = engine.load(book)
    if (trouble) return refuse(trouble)
    if (serving === undefined) warmUp(engine)
    serving = book
    refused = null
    log({ event: 'rules-loaded', version: book.version, rules: book.rules.size })
    for (const use of users) use(book)
  }

  if (typeof source === 'string') {
    try {
      watcher = watch(source, { persistent: false }, () => {
        clearTimeout(timer)
        timer = setTimeout(() => void take(), DEBOUNCE_MS).unref()
      })
      watcher.on('error', () =>
        refuse({ kind: 'problem', input: 'rules', reason: 'the rule folder cannot be watched' }),
      )
    } catch {
      // A folder that cannot be watched cannot be read either, and reading it says so.
    }
  }
  return {
    engine,
    book: () => serving,
    status: () => ({ version: serving?.version ?? null, refused }),
    opened: take(),
    onBook: (use) => {
      users.push(use)
      if (serving) use(serving)
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      watcher?.close()
    },
  }
}

function warmUp(engine: Engine): void {
  for (let call = 0; call < WARM_UP_CALLS; call += PROBES.length) for (const probe of PROBES) engine.evaluate(probe)
}
