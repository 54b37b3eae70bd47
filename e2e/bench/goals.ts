import type { DecisionsMeasured, ScaleRow } from './decision-rows.ts'
import type { Measured } from './line.ts'
import { median } from './measure.ts'
import type { ReadRow } from './read-rows.ts'

/** One promise about speed, and what was measured. Milliseconds are goals; ratios are judged (contracts §9). */
export type Goal = {
  readonly what: string
  readonly unit: 'ms' | '×'
  readonly measured: number
  readonly most: number
}

const addedBy = ({ through, direct }: ReadRow): number => median(through) - median(direct)

const SCALE_ROWS: Readonly<Record<ScaleRow, string>> = {
  firstDecision: 'a decision, facts from the tables',
  decision: 'a decision, facts at hand',
  letters: '30 letters',
  rows: '50 rows',
  rowsAgain: '50 rows, permits at hand',
}

export function goalsOf(off: Measured, enforced: Measured, decisions: DecisionsMeasured | undefined): readonly Goal[] {
  const ms = (what: string, measured: number, most: number): Goal => ({ what, unit: 'ms', measured, most })
  const times = (what: string, measured: number, most: number): Goal => ({ what, unit: '×', measured, most })
  const thirty = (name: string) => median(enforced.record.timings(name)) - median(off.record.timings(name))
  const [read, search, first] = enforced.reads.map(addedBy)
  const oauth = [
    times('code exchange to its signatures, policy off', off.record.ratio('token (code)'), 2.2),
    times('authorize + token to their signatures, policy off', off.record.ratio('authorize', 'token (code)'), 4),
  ]
  const worlds = [
    ms('30 letters at authorize, enforced over off', thirty('authorize, 30 letters'), 8),
    ms('30 letters at code exchange, enforced over off', thirty('token (code), 30 letters'), 8),
    ms('enforced read over direct', read ?? Number.NaN, 1.5),
    ms('50-row search over direct, permits at hand', search ?? Number.NaN, 4),
  ]
  if (decisions === undefined) return [...oauth, ...worlds]
  const { costs, scale, turns } = decisions
  const ownCases = (first ?? Number.NaN) + costs.rowsOfTheirOwn - costs.rows
  return [
    ...oauth,
    ms('decision in process', costs.decision, 0.25),
    times('decision to one rule with nothing to ask', costs.decision / costs.floor, 25),
    ms('30 letters decided, nothing remembered', costs.letters, 8),
    ms('30 letters decided, permits at hand', costs.lettersAgain, 8),
    ...worlds,
    ms('50-row search over direct, nothing remembered', first ?? Number.NaN, 10),
    ms('the same, were each row a case of its own', ownCases, 10),
    ...Object.entries(SCALE_ROWS).map(([name, words]) => {
      const row = name as ScaleRow // the keys of SCALE_ROWS
      return times(`20 trusts, 1,000 patients, 5,000 users: ${words}`, scale.many[row] / scale.few[row], 1.25)
    }),
    ms('longest turn of deciding a page of 200 in 100 cases', turns.longest, 20),
  ]
}
