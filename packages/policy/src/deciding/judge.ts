import { randomUUID } from 'node:crypto'
import type { Answer } from '#src/answer.ts'
import { type Deciding, faultAnswer, makeAnswer } from '#src/answer/make-answer.ts'
import { isHeldByBlock, unblocked } from '#src/answer/unblocked.ts'
import { assemble } from '#src/case/assemble.ts'
import type { AssembledCase, Assembly } from '#src/case/assembly.ts'
import { isSameCase } from '#src/case/same-case.ts'
import { traceOf } from '#src/case/trace.ts'
import type { Ask } from '#src/decision-point.ts'
import type { CedarCase } from '#src/engine/cedar-case.ts'
import { NOT_EVALUATED, type Verdict } from '#src/engine/engine.ts'
import { giveTurn } from '#src/turns.ts'
import type { CaseFacts } from '#src/facts.ts'
import type { PermitCache } from './permit-cache.ts'

/** A question that has become a case, and the permit of an equal one a moment ago. */
type Assembled = {
  readonly ask: Ask
  readonly made: AssembledCase
  readonly key: string
  readonly known: Answer | undefined
}

/** A question that has become a case, or an answer already. */
export type Prepared =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly case?: Assembled }
  | { readonly kind: 'case'; readonly case: Assembled }

/** Assembles the case, unless it is that of the neighbour, and looks whether an equal one was permitted a moment ago. */
export function prepare(
  ask: Ask,
  facts: CaseFacts,
  at: Date,
  deciding: Deciding,
  cache: PermitCache,
  neighbour: Prepared | undefined,
): Prepared {
  const beside = neighbour?.case
  if (beside !== undefined && isSameCase(ask, beside, facts)) return preparedAs({ ...beside, ask })
  const made = assemble(ask, facts, at)
  if (made.kind === 'fault') return { kind: 'answered', answer: answerFault(ask, made, deciding) }
  const key = keyOf(ask, made, deciding.book.version)
  return preparedAs({ ask, made, key, known: cache.find(key, at) })
}

const preparedAs = (assembled: Assembled): Prepared => {
  const { ask, made, known } = assembled
  return known
    ? { kind: 'answered', answer: again(known, ask, made), case: assembled }
    : { kind: 'case', case: assembled }
}

function answerFault(
  ask: Ask,
  { code, who }: Extract<Assembly, { kind: 'fault' }>,
  { asking, book }: Deciding,
): Answer {
  const offers = code === 'decision-expired' || code === 'decision-foreign' || code === 'purpose-not-held'
  const requestable = offers && who !== null ? asking.decision(who, ask.circumstance.acr) : null
  return faultAnswer(ask, code, book.version, requestable)
}

/**
 * INVARIANT: everything the answer depends on but the time, which bounds how long a permit is kept.
 */
function keyOf({ circumstance, question }: Ask, { asked, epoch }: AssembledCase, version: string): string {
  const { now: _, ...context } = asked.context
  return JSON.stringify([
    version,
    epoch,
    circumstance.tenant,
    circumstance.decision,
    question.action,
    { ...asked, context },
  ])
}

export type Evaluate = (cases: readonly CedarCase[]) => Promise<readonly Verdict[]>

/** Answers in order; equal cases are evaluated once. */
export async function judge(
  prepared: readonly Prepared[],
  at: Date,
  deciding: Deciding,
  cache: PermitCache,
  evaluate: Evaluate,
  /** Told of each case the rules could not answer. */
  onFault: (asked: CedarCase, fault: string) => void,
): Promise<readonly Answer[]> {
  const distinct = new Map<string, Assembled>()
  for (const each of prepared)
    if (each.kind === 'case' && !distinct.has(each.case.key)) distinct.set(each.case.key, each.case)
  const { book } = deciding
  const verdicts = new Map<string, Verdict>()
  await evaluateAll(
    [...distinct].map(([key, { made }]) => [key, made.asked]),
    evaluate,
    verdicts,
  )
  // The other half of a blocked case: many blocked rows have one, and it may have been asked already.
  const twins = new Map<string, readonly [key: string, asked: CedarCase]>()
  for (const [key, { ask, made }] of distinct) {
    if (!isHeldByBlock(verdicts.get(key) ?? NOT_EVALUATED, book)) continue
    const asked = unblocked(made.asked)
    twins.set(key, [keyOf(ask, { ...made, asked }, book.version), asked])
  }
  await evaluateAll([...twins.values()], evaluate, verdicts)
  const answers = new Map<string, Answer>()
  for (const [key, { ask, made }] of distinct) {
    await giveTurn()
    const verdict = verdicts.get(key) ?? NOT_EVALUATED
    if (verdict.fault !== null) onFault(made.asked, verdict.fault)
    const otherwise = verdicts.get(twins.get(key)?.[0] ?? '') ?? NOT_EVALUATED
    const answer = makeAnswer(ask, made, { verdict, otherwise }, at, deciding)
    cache.keep(key, answer, at)
    answers.set(key, answer)
  }
  const used = new Set<string>()
  const all: Answer[] = []
  for (const each of prepared) {
    await giveTurn()
    all.push(each.kind === 'answered' ? each.answer : told(each.case))
  }
  return all

  function told({ ask, made, key }: Assembled): Answer {
    const answer = answers.get(key) ?? faultAnswer(ask, 'rule-error', book.version)
    if (used.has(key)) return again(answer, ask, made)
    used.add(key)
    return answer
  }
}

/** Cases that have no verdict yet, each once. */
async function evaluateAll(
  cases: readonly (readonly [key: string, asked: CedarCase])[],
  evaluate: Evaluate,
  verdicts: Map<string, Verdict>,
): Promise<void> {
  const open = [...new Map(cases)].filter(([key]) => !verdicts.has(key))
  const found = open.length === 0 ? [] : await evaluate(open.map(([, asked]) => asked))
  for (const [index, [key]] of open.entries()) verdicts.set(key, found[index] ?? NOT_EVALUATED)
}

/** The same answer to another question of the same case: a decision of its own, about a thing of its own. */
const again = (answer: Answer, ask: Ask, { asked }: AssembledCase): Answer => ({
  ...answer,
  decisionId: randomUUID(),
  trace: traceOf(ask, asked),
})
