import type { Answer } from '#src/answer.ts'
import { createAsking } from './answer/asking.ts'
import { type Deciding, faultAnswer } from './answer/make-answer.ts'
import type { Ask, DecisionPoint, Semantics } from './decision-point.ts'
import { type Blockable, blockableFor } from './deciding/blockable.ts'
import { judge, type Prepared, prepare } from './deciding/judge.ts'
import { factsKey, loadFacts } from './deciding/load-facts.ts'
import { createPermitCache } from './deciding/permit-cache.ts'
import type { CedarCase } from './engine/cedar-case.ts'
import type { Verdict } from './engine/engine.ts'
import { openRuleLibrary, type PolicyEvent, type PolicyStatus } from './engine/rule-library.ts'
import { createWorkerPool } from './engine/worker-pool.ts'
import { stops } from './elsewhere/stopping.ts'
import { type CaseFacts, type FactSource, FactsUnavailable } from './facts.ts'
import type { RuleBook } from './rules/rule-book.ts'
import { giveTurn } from './turns.ts'

export type { Blockable } from './deciding/blockable.ts'

export type DecisionPointOptions = {
  readonly facts: FactSource
  /** A folder that is watched, or a book that stays as it is. */
  readonly rules: string | RuleBook
  /** Threads for larger batches; none evaluates everything here. */
  readonly workers?: number
  readonly now: () => Date
  readonly log: (event: PolicyEvent) => void
}

export type LocalDecisionPoint = DecisionPoint & {
  readonly status: () => PolicyStatus
  /** Where a block of what this asks about would have to be looked for; everywhere, when the facts cannot be had. */
  readonly blockable: (ask: Ask) => Promise<Blockable>
  /** Settles when the first rule book serves or has been refused. */
  readonly opened: Promise<void>
}

/** Fewer distinct cases than this are done sooner than a thread is told of them. */
const WORTH_A_THREAD = 9
/** Rules that change faster than they can be applied serve nobody. */
const MOST_FLIPS = 3

/** The decision point itself: rules, facts and cases in this process. */
export function createDecisionPoint({ facts, rules, workers = 0, now, log }: DecisionPointOptions): LocalDecisionPoint {
  const library = openRuleLibrary(rules, log)
  const pool =
    workers > 0 ? createWorkerPool({ size: workers, onLost: () => log({ event: 'worker-lost' }) }) : undefined
  if (pool) library.onBook(pool.load)
  const asking = createAsking(library.engine)
  const cache = createPermitCache()

  async function evaluate({ version }: RuleBook, cases: readonly CedarCase[]): Promise<readonly Verdict[]> {
    if (pool && cases.length >= WORTH_A_THREAD) {
      const verdicts = await pool.judge(version, cases)
      if (verdicts) return verdicts
    }
    const verdicts: Verdict[] = []
    for (const asked of cases) {
      await giveTurn()
      // Meanwhile the rules may have changed, and then the rest would be answered by others.
      if (library.engine.version() !== version) break
      verdicts.push(library.engine.evaluate(asked))
    }
    return verdicts
  }

  async function answerGroup(asks: readonly [Ask, ...Ask[]], semantics: Semantics): Promise<readonly Answer[]> {
    await library.opened
    const refuse = (
      code: 'rule-book-missing' | 'facts-unavailable' | 'clock-skew',
      version: string,
    ): readonly Answer[] => asks.map((ask) => faultAnswer(ask, code, version))
    if (library.book() === undefined) return refuse('rule-book-missing', '')
    let loaded: CaseFacts
    try {
      loaded = await loadFacts(facts, asks)
    } catch (thrown) {
      log({ event: 'facts-failed', reason: thrown instanceof FactsUnavailable ? thrown.message : 'unexpected failure' })
      const code = thrown instanceof FactsUnavailable ? thrown.code : 'facts-unavailable'
      return refuse(code, library.book()?.version ?? '')
    }
    for (let attempt = 0; attempt < MOST_FLIPS; attempt += 1) {
      const book = library.book()
      if (book === undefined) break
      const answers = await answerBy(book, asks, loaded, semantics)
      // Rules that changed half-way would have given one half of the answers in the words of the other.
      if (library.book() === book) return answers
    }
    return refuse('rule-book-missing', library.book()?.version ?? '')
  }

  async function answerBy(
    book: RuleBook,
    asks: readonly Ask[],
    loaded: CaseFacts,
    semantics: Semantics,
  ): Promise<readonly Answer[]> {
    const at = now()
    const deciding: Deciding = { book, asking }
    const onFault = ({ action }: CedarCase, fault: string): void => {
      if (library.book() === book)
        log({ event: 'rule-error', action, version: book.version, reason: withoutValues(fault) })
    }
    const answers: Answer[] = []
    // Early stopping saves work only where one answer is made after the other.
    const steps = semantics === 'execute_all' ? [asks] : asks.map((ask) => [ask])
    for (const step of steps) {
      const prepared: Prepared[] = []
      for (const ask of step) {
        await giveTurn()
        prepared.push(prepare(ask, loaded, at, deciding, cache, prepared.at(-1)))
      }
      const judged = await judge(prepared, at, deciding, cache, (cases) => evaluate(book, cases), onFault)
      answers.push(...judged)
      if (stops(semantics, answers.at(-1))) break
    }
    return answers
  }

  async function decideAll(asks: readonly Ask[], semantics: Semantics = 'execute_all'): Promise<readonly Answer[]> {
    const [first, ...rest] = asks
    if (first === undefined) return []
    const key = factsKey(first)
    const isOfFirst = (ask: Ask): boolean =>
      (ask.subject === first.subject && ask.circumstance === first.circumstance) || factsKey(ask) === key
    if (rest.every(isOfFirst)) return await answerGroup([first, ...rest], semantics)
    const answers: Answer[] = []
    for (const group of runs(asks)) {
      answers.push(...(await answerGroup(group, semantics)))
      if (stops(semantics, answers.at(-1))) break
    }
    return answers
  }

  /** Whatever goes wrong denies: nobody who asks is prepared for an exception. */
  const guarded = async (asks: readonly Ask[], semantics?: Semantics): Promise<readonly Answer[]> => {
    try {
      return await decideAll(asks, semantics)
    } catch (thrown) {
      const version = library.book()?.version ?? ''
      const reason = thrown instanceof Error ? thrown.name : 'unexpected failure'
      log({ event: 'rule-error', action: asks[0]?.question.action ?? '', version, reason })
      const denied = asks.map((ask) => faultAnswer(ask, 'rule-error', version))
      return semantics === 'deny_on_first_deny' ? denied.slice(0, 1) : denied
    }
  }

  return {
    decide: async (ask) => {
      const [answer] = await guarded([ask])
      return answer ?? faultAnswer(ask, 'rule-error', library.book()?.version ?? '')
    },
    decideAll: guarded,
    blockable: async (ask) => {
      try {
        await library.opened
        return blockableFor(ask, await loadFacts(facts, [ask]), now(), asking)
      } catch {
        return 'anything' // and whatever is found there is denied for the same trouble
      }
    },
    ready: () =>
      library.book() === undefined ? (library.status().refused ?? 'the rule book is being loaded') : undefined,
    status: library.status,
    opened: library.opened,
    close: async () => {
      library.close()
      await pool?.close()
    },
  }
}

/** Cedar quotes what it stumbled over, which may be whom: the words around it go into the log. */
const withoutValues = (fault: string): string => fault.replaceAll(/`[^`]*`|"[^"]*"/g, '…').slice(0, 200)

/** Neighbours of one subject stay together; the order asked in is the order answered in. */
function runs(asks: readonly Ask[]): readonly (readonly [Ask, ...Ask[]])[] {
  const groups: [Ask, ...Ask[]][] = []
  for (const ask of asks) {
    const last = groups.at(-1)
    if (last && factsKey(last[0]) === factsKey(ask)) last.push(ask)
    else groups.push([ask])
  }
  return groups
}
