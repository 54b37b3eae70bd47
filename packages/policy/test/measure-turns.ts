import assert from 'node:assert/strict'
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { CORPUS_TIME } from './corpus.ts'
import { READ, rowsOf } from './measured-questions.ts'
import { sourceOf } from './source-of.ts'

/** How many rows of different cases the largest page has that anybody is answered with at once. */
const PAGE = 200
const DIFFERENT = 100

/** In milliseconds: the longest turn of all rounds, and the median of the longest of each. */
export type Turns = { readonly longest: number; readonly usual: number }

/**
 * For how long deciding keeps everything else waiting, with as many threads as the gateway has.
 *
 * In processor time of this thread between one turn of the event loop and the next: on a machine with other work to do, the
 * clock would tell of that work.
 */
export async function measureTurns(rounds: number): Promise<Turns> {
  let time = CORPUS_TIME.getTime()
  const options = { facts: sourceOf(READ.facts), rules: OWN_RULES, workers: 1 }
  const point = createDecisionPoint({ ...options, now: () => new Date(time), log: () => {} })
  const page = rowsOf(PAGE, DIFFERENT)
  const longest: number[] = []
  for (let round = -Math.ceil(rounds / 2); round < rounds; round += 1) {
    time += 10_000
    const watch = watchTurns()
    const answers = await point.decideAll(page)
    const turn = await watch.end()
    assert.ok(answers.every(({ effect }) => effect === 'permit'))
    if (round >= 0) longest.push(turn)
  }
  await point.close()
  return { longest: Math.max(...longest), usual: longest.toSorted((a, b) => a - b)[longest.length >> 1] ?? Number.NaN }
}

function processorMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

/** Looks at the processor clock once a turn of the event loop until it is ended. */
function watchTurns(): { readonly end: () => Promise<number> } {
  const ended = Promise.withResolvers<number>()
  let [last, longest, ending] = [processorMs(), 0, false]
  const look = (): void => {
    const now = processorMs()
    longest = Math.max(longest, now - last)
    last = now
    if (ending) ended.resolve(longest)
    else setImmediate(look)
  }
  setImmediate(look)
  return {
    end() {
      ending = true
      return ended.promise
    },
  }
}
