import assert from 'node:assert/strict'
import { assemble } from '#src/case/assemble.ts'
import { cedar } from '#src/engine/cedar.ts'
import { createEngine } from '#src/engine/engine.ts'
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES, makeRuleBook, readRuleBook } from '#src/rules/rule-book.ts'
import { CORPUS_TIME, corpus, toAsk } from './corpus.ts'
import { LETTERS, READ, rowsOf } from './measured-questions.ts'
import { changingSource } from './source-of.ts'
import { isProblem } from '@uthopp/smart-core/problem'

/** Medians in milliseconds, all measured in turns in one run. */
export type DecisionCosts = {
  /** One rule with nothing to ask about: what crossing into Cedar costs. */
  readonly floor: number
  /** The rules themselves, over every case of the corpus. */
  readonly rules: number
  /** A whole decision: facts at hand, case, rules, answer. */
  readonly decision: number
  /** Thirty letters of a token, none permitted a moment ago, and all. */
  readonly letters: number
  readonly lettersAgain: number
  /** Fifty rows of a search whose cases are equal, none permitted a moment ago, and all. */
  readonly rows: number
  readonly rowsAgain: number
  /** Fifty rows that are fifty cases, none permitted a moment ago. */
  readonly rowsOfTheirOwn: number
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

function floor(): () => void {
  assert.equal(
    cedar.preparsePolicySet('floor', { staticPolicies: { only: 'permit (principal, action, resource);' } }).type,
    'success',
  )
  const call = {
    principal: { type: 'A', id: 'a' },
    action: { type: 'Action', id: 'b' },
    resource: { type: 'C', id: 'c' },
    context: {},
    entities: [],
    preparsedPolicySetId: 'floor',
  }
  return () => void cedar.statefulIsAuthorized(call)
}

export async function measureDecisions(rounds: number): Promise<DecisionCosts> {
  const own = await readRuleBook(OWN_RULES)
  assert.ok(!isProblem(own))
  const book = makeRuleBook(own.schema, own.rules)
  assert.ok(!isProblem(book))
  const engine = createEngine()
  assert.equal(engine.load(book), undefined)
  const cases = corpus.flatMap((row) => {
    const { ask, facts } = toAsk(row)
    const made = assemble(ask, facts, CORPUS_TIME)
    return made.kind === 'case' ? [made.asked] : []
  })
  const source = changingSource()
  let time = CORPUS_TIME.getTime()
  const point = createDecisionPoint({ facts: source, rules: book, now: () => new Date(time), log: () => {} })
  const { ask, facts } = READ
  const [rows, different] = [rowsOf(50, 1), rowsOf(50, 50)]
  const spent: Record<keyof DecisionCosts, number[]> = {
    floor: [],
    rules: [],
    decision: [],
    letters: [],
    rows: [],
    rowsAgain: [],
    lettersAgain: [],
    rowsOfTheirOwn: [],
  }
  const timed = async (name: keyof DecisionCosts, work: () => unknown): Promise<void> => {
    const began = performance.now()
    await work()
    spent[name].push(performance.now() - began)
  }
  const empty = floor()
  await point.decide(ask)
  for (let round = -Math.ceil(rounds / 4); round < rounds; round += 1) {
    if (round === 0) for (const values of Object.values(spent)) values.length = 0
    // Nothing asked in an earlier round is remembered in this one.
    time = CORPUS_TIME.getTime() + (round + rounds) * 60_000
    const asked = cases[((round % cases.length) + cases.length) % cases.length]
    assert.ok(asked)
    await timed('floor', empty)
    await timed('rules', () => engine.evaluate(asked))
    source.facts = facts
    await timed('decision', () => point.decide(ask))
    time += 10_000
    await timed('rows', () => point.decideAll(rows))
    await timed('rowsAgain', () => point.decideAll(rows))
    time += 10_000
    await timed('rowsOfTheirOwn', () => point.decideAll(different))
    source.facts = LETTERS.facts
    await timed('letters', () => point.decideAll(LETTERS.asks))
    await timed('lettersAgain', () => point.decideAll(LETTERS.asks))
  }
  await point.close()
  const costs = Object.entries(spent).map(([name, values]) => [name, median(values)])
  return Object.fromEntries(costs) as DecisionCosts // the same names
}
