import type { Contestant } from './contestant.ts'
import { askEndpoints, endpointsOf } from './endpoint-rows.ts'
import { issueThirtyLetters, registerBenchApp, registerWideApp, walkLaunches } from './launch-rows.ts'
import { longestBlock } from './loop-rows.ts'
import { prepareReads, type ReadRow } from './read-rows.ts'
import { Recording } from './recording.ts'
import { measureSignatures } from './signature-cost.ts'
import { storageOf, WRITERS, writesPerSecond } from './storage-rows.ts'

/** All that was measured of one contestant. */
export type Measured = {
  readonly contestant: Contestant
  readonly record: Recording
  readonly reads: readonly ReadRow[]
  readonly writes: ReadonlyMap<number, readonly number[]>
  /** The longest block of the gateway's event loop in each round, in milliseconds. */
  readonly blocks: readonly number[]
}

export type Running = Measured & {
  readonly warmUp: (longestMs: number) => Promise<void>
  readonly measure: () => Promise<void>
}

/** Just-in-time compilation still takes a twentieth of the time after 3,000 launches; a slow machine is not kept waiting for all. */
const WARM_UP_LAUNCHES = 8000

/** Everything that is measured of one contestant, a round at a time. */
export async function prepareLine(contestant: Contestant): Promise<Running> {
  const { pids, root } = contestant
  const record = new Recording()
  const app = await registerBenchApp(contestant)
  const wide = await registerWideApp(contestant)
  const reads = await prepareReads(contestant, app)
  const storage = await storageOf(root)
  const writes = new Map<number, number[]>(WRITERS.map((writers) => [writers, []]))
  const blocks: number[] = []
  const launches = (mode: 'alone' | 'together', count: number) => walkLaunches(contestant, app, record, mode, count)
  return {
    contestant,
    record,
    reads: reads.rows,
    writes,
    blocks,
    async warmUp(longestMs) {
      const until = performance.now() + longestMs
      for (let done = 0; done < WARM_UP_LAUNCHES && performance.now() < until; done += 200)
        await launches('together', 200)
      const accessToken = await launches('alone', 20)
      await issueThirtyLetters(contestant, wide, record, 'together', 60)
      await askEndpoints(await endpointsOf(contestant, accessToken), pids.auth, record, 'together', 400)
      await reads.measure(80, accessToken)
      for (const writers of WRITERS) await writesPerSecond(storage, writers)
      record.clear()
      reads.clear()
    },
    async measure() {
      record.signatures = await measureSignatures()
      await longestBlock(contestant)
      await launches('together', 200)
      const accessToken = await launches('alone', 30)
      await issueThirtyLetters(contestant, wide, record, 'together', 40)
      await issueThirtyLetters(contestant, wide, record, 'alone', 20)
      const endpoints = await endpointsOf(contestant, accessToken)
      await askEndpoints(endpoints, pids.auth, record, 'together', 160)
      await askEndpoints(endpoints, pids.auth, record, 'alone', 30)
      await reads.measure(40, accessToken)
      blocks.push(await longestBlock(contestant))
      for (const writers of WRITERS) writes.get(writers)?.push(await writesPerSecond(storage, writers))
    },
  }
}
