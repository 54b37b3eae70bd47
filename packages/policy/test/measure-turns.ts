import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { CORPUS_TIME } from './corpus.ts'
import { READ, rowsOf } from './measured-questions.ts'
import { sourceOf } from './source-of.ts'

/** How many rows of different cases the largest page has that anybody is answered with at once. */
const PAGE = 200
const DIFFERENT = 100
const RESOLUTION_MS = 1

/**
 * For how long deciding keeps everything else waiting, in milliseconds: the longest of all rounds and the median of the
 * longest of each, with as many threads as the gateway has. Rules that change are read between the rounds.
 */
export async function measureTurns(rounds: number): Promise<{ readonly longest: number; readonly usual: number }> {
  let time = CORPUS_TIME.getTime()
  const options = { facts: sourceOf(READ.facts), rules: OWN_RULES, workers: 1 }
  const point = createDecisionPoint({ ...options, now: () => new Date(time), log: () => {} })
  const page = rowsOf(PAGE, DIFFERENT)
  const longest: number[] = []
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  for (let round = -Math.ceil(rounds / 2); round < rounds; round += 1) {
    time += 10_000
    // What the measuring itself left behind is not deciding.
    await sleep(2)
    delays.reset()
    delays.enable()
    const answers = await point.decideAll(page)
    await sleep(2)
    delays.disable()
    assert.ok(answers.every(({ effect }) => effect === 'permit'))
    if (round >= 0) longest.push(Math.max(0, delays.max / 1e6 - RESOLUTION_MS))
  }
  await point.close()
  return { longest: Math.max(...longest), usual: longest.toSorted((a, b) => a - b)[longest.length >> 1] ?? Number.NaN }
}
