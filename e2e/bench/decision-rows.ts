import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const MANY = { trusts: 20, patients: 1000, users: 5000 } as const
const ROUNDS = 250
const SCALE_ROUNDS = 120
const TURN_ROUNDS = 100

type Milliseconds<Name extends string> = Readonly<Record<Name, number>>

/** Medians of decisions made in this process; the names are those of the programs that measure. */
export type DecisionsMeasured = {
  readonly costs: Milliseconds<
    'floor' | 'rules' | 'decision' | 'letters' | 'lettersAgain' | 'rows' | 'rowsAgain' | 'rowsOfTheirOwn'
  >
  readonly turns: Milliseconds<'longest' | 'usual'>
  readonly scale: Readonly<Record<'few' | 'many', Milliseconds<ScaleRow>>>
}
export type ScaleRow = 'firstDecision' | 'decision' | 'letters' | 'rows' | 'rowsAgain'

const importFrom = async (root: string, ...path: readonly string[]): Promise<unknown> =>
  import(pathToFileURL(join(root, ...path)).href)

/** Measures the decision point of the source code at `root`; undefined where there is none. */
export async function measureDecisionPoint(root: string): Promise<DecisionsMeasured | undefined> {
  const test = join('packages', 'policy', 'test')
  const facts = join('ehr-simulator', 'server', 'test', 'facts')
  if (!existsSync(join(root, facts, 'measure-scale.ts'))) return undefined
  // As much of the three programs as is used here; each says in its own folder what it measures.
  const { measureDecisions } = (await importFrom(root, test, 'measure-decisions.ts')) as {
    readonly measureDecisions: (rounds: number) => Promise<DecisionsMeasured['costs']>
  }
  const { measureTurns } = (await importFrom(root, test, 'measure-turns.ts')) as {
    readonly measureTurns: (rounds: number) => Promise<DecisionsMeasured['turns']>
  }
  const { measureScale } = (await importFrom(root, facts, 'measure-scale.ts')) as {
    readonly measureScale: (rounds: number, many: typeof MANY) => Promise<DecisionsMeasured['scale']>
  }
  return {
    costs: await measureDecisions(ROUNDS),
    turns: await measureTurns(TURN_ROUNDS),
    scale: await measureScale(SCALE_ROUNDS, MANY),
  }
}
