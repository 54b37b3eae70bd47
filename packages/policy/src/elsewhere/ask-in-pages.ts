import type { Answer } from '#src/answer.ts'
import { faultAnswer } from '#src/answer/make-answer.ts'
import { isWellFormed } from '#src/case/well-formed.ts'
import type { Ask, DecisionPoint, Semantics } from '#src/decision-point.ts'
import { type Problem, isProblem } from '@uthopp/smart-core/problem'
import { stopAfterFirst, stops } from './stopping.ts'

type Paged = {
  readonly most: number
  /** What was answered, one a question; undefined when nothing that can be read was. */
  readonly ask: (asks: readonly [Ask, ...Ask[]], semantics: Semantics) => Promise<readonly unknown[] | undefined>
  readonly parse: (answer: unknown) => Answer | Problem
}

/** Asks another process about many things, so many at a time, and believes it only as far as its answers fit the questions. */
export function askInPages({ most, ask, parse }: Paged): DecisionPoint['decideAll'] {
  const unavailable = (each: Ask): Answer => faultAnswer(each, 'pdp-unavailable', '')

  async function page(asks: readonly [Ask, ...Ask[]], semantics: Semantics): Promise<readonly Answer[]> {
    const said = (await ask(asks, semantics)) ?? []
    const answers = asks.slice(0, said.length).map((each, index) => {
      const answer = parse(said[index])
      return isProblem(answer) ? unavailable(each) : answer
    })
    const complete = answers.length === asks.length || stops(semantics, answers.at(-1))
    return stopAfterFirst(said.length > asks.length || !complete ? asks.map(unavailable) : answers, semantics)
  }

  return async (asks, semantics = 'execute_all') => {
    const answers: Answer[] = []
    for (const asked of runs(asks, most)) {
      const [first] = asked
      const told = isWellFormed(first)
        ? await page(asked, semantics)
        : stopAfterFirst([faultAnswer(first, 'question-malformed', '')], semantics)
      answers.push(...told)
      if (stops(semantics, answers.at(-1))) break
    }
    return answers
  }
}

/** Neighbours go together; a question that makes no sense stands alone, because with it the whole page would be refused. */
function runs(asks: readonly Ask[], most: number): readonly (readonly [Ask, ...Ask[]])[] {
  const groups: [Ask, ...Ask[]][] = []
  for (const each of asks) {
    const last = groups.at(-1)
    if (last && last.length < most && isWellFormed(each) && isWellFormed(last[0])) last.push(each)
    else groups.push([each])
  }
  return groups
}
