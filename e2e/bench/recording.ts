import { cpuOf, median, timeEach, type Timings } from './measure.ts'
import type { SignatureCost } from './signature-cost.ts'

/** What one row was measured to be: durations with one caller, and processor time a piece with many, a number a round. */
type Row = {
  readonly timings: number[]
  readonly cpu: number[]
  readonly raw: number[]
  readonly cost: Cost | undefined
}
/** Which signatures and checks a piece of the row's work cannot do without. */
export type Cost = (signatures: SignatureCost) => number

const CALLERS = 16

/** What was measured of one contestant, row by row in the order of their first appearance. */
export class Recording {
  readonly #rows = new Map<string, Row>()
  #signatures: SignatureCost | undefined

  /** What signatures cost at the time of the rounds that follow: other work on the machine makes them dearer too. */
  set signatures(cost: SignatureCost) {
    this.#signatures = cost
  }

  get names(): readonly string[] {
    return [...this.#rows.keys()]
  }

  /** Forgets the warm-up. */
  clear(): void {
    this.#rows.clear()
  }

  /** Takes a step for every item, one at a time to see how long it takes, or by many callers to see what it costs a server. */
  async stage<T, R>(options: {
    readonly name: string
    readonly mode: 'alone' | 'together'
    readonly pid: number
    readonly items: readonly T[]
    readonly step: (item: T) => Promise<R>
    readonly cost?: Cost
  }): Promise<readonly R[]> {
    const row = this.#rows.get(options.name) ?? { timings: [], cpu: [], raw: [], cost: options.cost }
    this.#rows.set(options.name, row)
    const before = cpuOf(options.pid)
    const { timings, results } = await timeEach(options.items, options.mode === 'alone' ? 1 : CALLERS, options.step)
    if (options.mode === 'alone') row.timings.push(...timings)
    else {
      row.cpu.push((cpuOf(options.pid) - before) / options.items.length)
      row.raw.push(row.cost && this.#signatures ? row.cost(this.#signatures) : Number.NaN)
    }
    return results
  }

  timings(name: string): Timings {
    return this.#rows.get(name)?.timings ?? []
  }

  /** Median processor milliseconds a piece, of all rounds, of several rows together. */
  cpu(...names: readonly string[]): number {
    return median(this.#sums(names, ({ cpu }) => cpu))
  }

  raw(...names: readonly string[]): number {
    return median(this.#sums(names, ({ raw }) => raw))
  }

  /** Median over the rounds of processor time to the raw cost of the signatures in that same round. */
  ratio(...names: readonly string[]): number {
    const raw = this.#sums(names, (row) => row.raw)
    return median(this.#sums(names, ({ cpu }) => cpu).map((cpu, round) => cpu / (raw[round] ?? Number.NaN)))
  }

  #sums(names: readonly string[], pick: (row: Row) => readonly number[]): readonly number[] {
    const rows = names.map((name) => this.#rows.get(name)).filter((row) => row !== undefined)
    return (rows[0] ? pick(rows[0]) : []).map((_, round) =>
      rows.map((row) => pick(row)[round] ?? Number.NaN).reduce((sum, value) => sum + value, 0),
    )
  }
}
