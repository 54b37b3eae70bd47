import { randomUUID } from 'node:crypto'
import type { Answer } from '#src/answer.ts'
import { type Deciding, faultAnswer, makeAnswer } from '#src/answer/make-answer.ts'
import { assemble } from '#src/case/assemble.ts'
import type { AssembledCase, Assembly } from '#src/case/assembly.ts'
import { traceOf } from '#src/case/trace.ts'
import type { Ask } from '#src/decision-point.ts'
import type { CedarCase } from '#src/engine/cedar-case.ts'
import type { Verdict } from '#src/engine/engine.ts'
import type { CaseFacts } from '#src/facts.ts'
import type { PermitCache } from './permit-cache.ts'

/** A question that has become a case, or an answer already. */
export type Prepared =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'case'; readonly ask: Ask; readonly made: AssembledCase; readonly key: string }

/** Assembles the case and looks whether an equal one was permitted a moment ago. */
export function prepare(ask: Ask, facts: CaseFacts, at: Date, deciding: Deciding, cache: PermitCache): Prepared {
  const made = assemble(ask, facts, at)
  if (made.kind === 'fault') return { kind: 'answered', answer: answerFault(ask, made, deciding) }
  const key = keyOf(ask, made, deciding.book.version)
  const known = cache.find(key, at)
  return known ? { kind: 'answered', answer: again(known, ask, made) } : { kind: 'case', ask, made, key }
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
  const distinct = new Map<string, Extract<Prepared, { kind: 'case' }>>()
  for (const each of prepared) if (each.kind === 'case' && !distinct.has(each.key)) distinct.set(each.key, each)
  const cases = [...distinct.values()]
  const verdicts = await evaluate(cases.map(({ made }) => made.asked))
  const answers = new Map<string, Answer>()
  for (const [index, { ask, made, key }] of cases.entries()) {
    const verdict = verdicts[index] ?? { effect: 'deny', rules: [], fault: 'not evaluated' }
    if (verdict.fault !== null) onFault(made.asked, verdict.fault)
    const answer = makeAnswer(ask, made, verdict, at, deciding)
    cache.keep(key, answer, at)
    answers.set(key, answer)
  }
  const used = new Set<string>()
  return prepared.map((each) => {
    if (each.kind === 'answered') return each.answer
    const answer = answers.get(each.key) ?? faultAnswer(each.ask, 'rule-error', deciding.book.version)
    if (!used.has(each.key)) {
      used.add(each.key)
      return answer
    }
    return again(answer, each.ask, each.made)
  })
}

/** The same answer to another question of the same case: a decision of its own, about a thing of its own. */
const again = (answer: Answer, ask: Ask, { asked }: AssembledCase): Answer => ({
  ...answer,
  decisionId: randomUUID(),
  trace: traceOf(ask, asked),
})
