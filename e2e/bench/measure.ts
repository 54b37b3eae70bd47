import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds of wall clock a call took, one number a call. */
export type Timings = readonly number[]

export const median = (values: readonly number[]): number => percentile(values, 0.5)

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Takes the steps with so many callers at once; answers each step's result and duration, in the order of the items. */
export async function timeEach<T, R>(
  items: readonly T[],
  callers: number,
  step: (item: T) => Promise<R>,
): Promise<{ readonly timings: Timings; readonly results: readonly R[] }> {
  const done: { readonly timing: number; readonly result: R }[] = []
  const waiting = items.entries()
  const call = async () => {
    for (const [index, item] of waiting) {
      const started = performance.now()
      const result = await step(item)
      done[index] = { timing: performance.now() - started, result }
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  return { timings: done.map(({ timing }) => timing), results: done.map(({ result }) => result) }
}

/** Two ways to the same thing, taken in turns, so that whatever else the machine does falls on both. */
export async function timePaired(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
  /** Which of them is first in the first round; who takes single rounds alternates by it. */
  first: 0 | 1 = 0,
): Promise<readonly [Timings, Timings]> {
  const timings: [number[], number[]] = [[], []]
  const both = [
    [0, one],
    [1, other],
  ] as const
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, step] of (round + first) % 2 === 0 ? both : both.toReversed()) {
      const started = performance.now()
      await step()
      timings[index].push(performance.now() - started)
    }
  }
  return timings
}

const NANOSECONDS = 1_000_000

/** Processor milliseconds a process has used, all threads, to the nanosecond the scheduler counts (Linux; elsewhere not a number). */
export function cpuOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    const used = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
    return used.reduce((sum, nanoseconds) => sum + Number(nanoseconds), 0) / NANOSECONDS
  } catch {
    return Number.NaN
  }
}

/** Resident megabytes of a process (Linux; elsewhere not a number). */
export function memoryOf(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return Number.NaN
  }
}
