import type { DecisionsMeasured } from './decision-rows.ts'
import type { Goal } from './goals.ts'
import { print } from './tables.ts'

const ms = (value: number): string => (Number.isNaN(value) ? '–' : value.toFixed(3))
const times = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(2)} ×` : '–')

/** What deciding costs by itself, with no server around it. */
export function printDecisions({ costs, turns, scale }: DecisionsMeasured): void {
  const row = (name: string, value: number) => [name, ms(value), times(value / costs.floor)]
  print(
    'Deciding in this process, medians; facts at hand, and nothing permitted in the last 4 s except where it is said',
    ['decision', 'ms', 'to one rule'],
    [
      row('one rule with nothing to ask (the floor)', costs.floor),
      row('the rule book, every case of the corpus', costs.rules),
      row('a decision', costs.decision),
      row('30 letters', costs.letters),
      row('30 letters, permits at hand', costs.lettersAgain),
      row('50 rows that are one case', costs.rows),
      row('50 rows that are one case, permits at hand', costs.rowsAgain),
      row('50 rows that are 50 cases', costs.rowsOfTheirOwn),
    ],
  )
  const names = Object.keys(scale.few) as (keyof typeof scale.few)[] // its own keys
  print(
    'Deciding by the facts of a host on disk that knows one trust with 8 patients and 20 users, and one that knows 20 trusts, each with 1,000 and 5,000; in turns, medians',
    ['question', 'few ms', 'many ms', 'ratio'],
    names.map((name) => [
      ROWS[name],
      ms(scale.few[name]),
      ms(scale.many[name]),
      times(scale.many[name] / scale.few[name]),
    ]),
  )
  print(
    'How long deciding a page of 200 rows in 100 cases keeps everything else waiting, with one thread as the gateway has',
    ['event loop', 'ms'],
    [
      ['the longest of all rounds', ms(turns.longest)],
      ['the longest of a round, median', ms(turns.usual)],
    ],
  )
}

const ROWS: Readonly<Record<keyof DecisionsMeasured['scale']['few'], string>> = {
  firstDecision: 'a decision, facts read from the tables',
  decision: 'a decision, facts at hand',
  letters: '30 letters',
  rows: '50 rows that are one case',
  rowsAgain: '50 rows, permits at hand',
}

export function printGoals(goals: readonly Goal[]): void {
  print(
    'Goals. Ratios are judged; milliseconds are told, and mean an idle machine',
    ['goal', 'measured', 'at most', ''],
    goals.map(({ what, unit, measured, most }) => [
      what,
      `${measured.toFixed(2)} ${unit}`,
      `${most} ${unit}`,
      measured <= most ? 'met' : 'NOT MET',
    ]),
  )
}
