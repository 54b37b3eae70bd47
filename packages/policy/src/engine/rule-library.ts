import { isProblem, type Problem } from '@uthopp/smart-core/problem'
import { readRulesAside } from '#src/rules/read-aside.ts'
import type { RuleBook } from '#src/rules/rule-book.ts'
import { watchRules } from '#src/rules/watch-rules.ts'
import { giveTurn } from '#src/turns.ts'
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

/** Cedar's compiled code reaches its speed only after some hundred calls. */
const WARM_UP_CALLS = 300

/** Keeps the rules of a folder serving, and takes up every change of it that is without fault. */
export function openRuleLibrary(source: string | RuleBook, log: (event: PolicyEvent) => void): RuleLibrary {
  const engine = createEngine()
  const users: ((book: RuleBook) => void)[] = []
  let serving: RuleBook | undefined
  let refused: string | null = null
  let closed = false

  function refuse({ reason }: Problem): void {
    refused = reason
    log({ event: 'rules-refused', reason, serving: serving?.version ?? null })
  }

  async function take(): Promise<void> {
    const book = typeof source === 'string' ? await readRulesAside(source) : source
    if (closed) return
    if (isProblem(book)) return refuse(book)
    if (book.version === serving?.version) {
      refused = null
      return
    }
    const put = await engine.prepare(book)
    if (isProblem(put)) return refuse(put)
    put()
    if (closed) return engine.close()
    if (serving === undefined) await warmUp(engine)
    serving = book
    refused = null
    log({ event: 'rules-loaded', version: book.version, rules: book.rules.size })
    for (const use of users) use(book)
  }

  // One after the other: of two readings that overlap, the later one must be the last to be taken up.
  let taking = take()
  const opened = taking
  const changed = (): void => void (taking = taking.then(take))
  const watcher = typeof source === 'string' ? watchRules(source, changed) : undefined
  return {
    engine,
    book: () => serving,
    status: () => ({ version: serving?.version ?? null, refused }),
    opened,
    onBook: (use) => {
      users.push(use)
      if (serving) use(serving)
    },
    close: () => {
      closed = true
      watcher?.close()
      engine.close()
    },
  }
}

/** A thread warms up once, however many trusts it serves. */
let warmedUp = false

async function warmUp(engine: Engine): Promise<void> {
  if (warmedUp) return
  warmedUp = true
  for (let call = 0; call < WARM_UP_CALLS; call += PROBES.length) {
    for (const probe of PROBES) {
      await giveTurn()
      engine.evaluate(probe)
    }
  }
}
