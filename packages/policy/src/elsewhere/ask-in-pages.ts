import type { Answer } from '#src/answer.ts'
import { faultAnswer } from '#src/answer/make-answer.ts'
import { isWellFormed } from '#src/case/well-formed.ts'
import type { Ask, DecisionPoint, Semantics } from '#src/decision-point.ts'
import { type Problem, isProblem } from '@uthopp/smart-core/problem'
import { stopAfterFirst, stops } from './stopping.ts'

type Asks = readonly [Ask, ...Ask[]]

/** Questions as they would be sent, before they are. */
type Page = {
  readonly bytes: number
  /** What was answered, one a question; undefined when nothing that can be read was. */
  readonly send: () => Promise<readonly unknown[] | undefined>
}

type Paged = {
  readonly most: number
  readonly mostBytes: number
  readonly write: (asks: Asks, semantics: Semantics) => Page
  /** The same text for questions that are shorter side by side. */
  readonly likeness: (ask: Ask) => string
  readonly parse: (answer: unknown) => Answer | Problem
}

/**
 * Asks another process about many things, so many and so many bytes at a time, and believes it only as far as its answers fit
 * the questions. One question that is too long by itself is alone without an answer.
 */
export function askInPages({ most, mostBytes, write, likeness, parse }: Paged): DecisionPoint['decideAll'] {
  const unavailable = (each: Ask): Answer => faultAnswer(each, 'pdp-unavailable', '')

  async function page(asks: Asks, semantics: Semantics): Promise<readonly Answer[]> {
    const { bytes, send } = write(asks, semantics)
    if (bytes > mostBytes && asks.length > 1) return inParts(asks, semantics)
    const said = (await send()) ?? []
    const answers = asks.slice(0, said.length).map((each, index) => {
      const answer = parse(said[index])
      return isProblem(answer) ? unavailable(each) : answer
    })
    const complete = answers.length === asks.length || stops(semantics, answers.at(-1))
    return stopAfterFirst(said.length > asks.length || !complete ? asks.map(unavailable) : answers, semantics)
  }

  async function inParts(asks: Asks, semantics: Semantics): Promise<readonly Answer[]> {
    const answers: Answer[] = []
    for (const part of semantics === 'execute_all' ? partsOf(asks, likeness) : halvesOf(asks)) {
      const [first, ...rest] = part.map(({ ask }) => ask)
      const told = first === undefined ? [] : await page([first, ...rest], semantics)
      for (const [at, { place }] of part.slice(0, told.length).entries()) answers[place] = told[at] as Answer // as short
      if (stops(semantics, told.at(-1))) break
    }
    return answers
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

/** Some of the questions, and which answer of all is theirs. */
type Part = readonly { readonly ask: Ask; readonly place: number }[]

/** Like with like where there are several kinds, in whatever order: none of the answers ends the others. */
function partsOf(asks: Asks, likeness: (ask: Ask) => string): readonly Part[] {
  const kinds = [...Map.groupBy(placed(asks), ({ ask }) => likeness(ask)).values()]
  return kinds.length > 1 ? kinds : halvesOf(asks)
}

function halvesOf(asks: Asks): readonly Part[] {
  const all = placed(asks)
  const middle = Math.ceil(all.length / 2)
  return [all.slice(0, middle), all.slice(middle)]
}

const placed = (asks: Asks): Part => asks.map((ask, place) => ({ ask, place }))

/** Neighbours go together; a question that makes no sense stands alone, because with it the whole page would be refused. */
function runs(asks: readonly Ask[], most: number): readonly Asks[] {
  const groups: [Ask, ...Ask[]][] = []
  for (const each of asks) {
    const last = groups.at(-1)
    if (last && last.length < most && isWellFormed(each) && isWellFormed(last[0])) last.push(each)
    else groups.push([each])
  }
  return groups
}
