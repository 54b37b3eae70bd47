import { readFileSync } from 'node:fs'

/** Milliseconds of wall clock a call took, one number a call. */
export type Timings = readonly number[]

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

/** Runs the steps one after another and keeps each duration. */
export async function timeEach<T, R>(
  items: readonly T[],
  step: (item: T, index: number) => Promise<R>,
): Promise<{ timings: Timings; results: R[] }> {
  const timings: number[] = []
  const results: R[] = []
  for (const [index, item] of items.entries()) {
    const started = performance.now()
    results.push(await step(item, index))
    timings.push(performance.now() - started)
  }
  return { timings, results }
}

/** Two ways to the same thing, taken in turns, so that whatever else the machine does falls on both. */
export async function timePaired(
  rounds: number,
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [Timings, Timings]> {
  const timings: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, step] of round % 2 === 0
      ? ([
          [0, one],
          [1, other],
        ] as const)
      : ([
          [1, other],
          [0, one],
        ] as const)) {
      const started = performance.now()
      await step()
      timings[index].push(performance.now() - started)
    }
  }
  return timings
}

const CLOCK_TICK_MS = 10

/** Processor milliseconds a process has used, all threads (Linux; elsewhere not a number). */
function cpuOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
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

/** Processor milliseconds one process spends on each of `count` pieces of the work. */
export async function cpuPerPiece<R>(
  pid: number,
  count: number,
  work: () => Promise<R>,
): Promise<{ result: R; cpuMs: number }> {
  const before = cpuOf(pid)
  const result = await work()
  return { result, cpuMs: (cpuOf(pid) - before) / count }
}
