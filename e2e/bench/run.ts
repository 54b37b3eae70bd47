import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Contestant, enter } from './contestant.ts'
import { askEndpoints, endpointsOf } from './endpoint-rows.ts'
import { issueThirtyLetters, registerBenchApp, registerWideApp, walkLaunches } from './launch-rows.ts'
import { checkOut, describeTree, type CheckedOut } from './other-commit.ts'
import { prepareReads } from './read-rows.ts'
import { Recording } from './recording.ts'
import { measureSignatures } from './signature-cost.ts'
import { storageOf, WRITERS, writesPerSecond } from './storage-rows.ts'
import { type Measured, printBoth, printOne } from './tables.ts'

const ROUNDS = 7
/** Just-in-time compilation still takes a twentieth of the time after 3,000 launches; a slow machine is not kept longer than this. */
const WARM_UP_LAUNCHES = 8000
const WARM_UP_MS = 60_000

type Running = Measured & { readonly round: (weight: 'warm-up' | 'measured') => Promise<void> }

/** Everything that is measured of one contestant, a round at a time. */
async function line(contestant: Contestant): Promise<Running> {
  const { pids, root } = contestant
  const record = new Recording()
  const app = await registerBenchApp(contestant)
  const wide = await registerWideApp(contestant)
  const reads = await prepareReads(contestant)
  const storage = await storageOf(root)
  const writes = new Map<number, number[]>(WRITERS.map((writers) => [writers, []]))
  const launches = (mode: 'alone' | 'together', count: number) => walkLaunches(contestant, app, record, mode, count)
  const warmUp = async () => {
    const until = performance.now() + WARM_UP_MS
    for (let done = 0; done < WARM_UP_LAUNCHES && performance.now() < until; done += 300)
      await launches('together', 300)
    const accessToken = await launches('alone', 20)
    await issueThirtyLetters(contestant, wide, record, 'together', 60)
    await askEndpoints(await endpointsOf(contestant, accessToken), pids.auth, record, 'together', 400)
    await reads.measure(60, accessToken)
    for (const writers of WRITERS) await writesPerSecond(storage, writers)
    record.clear()
    reads.clear()
  }
  const measure = async () => {
    record.signatures = await measureSignatures()
    await launches('together', 200)
    const accessToken = await launches('alone', 30)
    await issueThirtyLetters(contestant, wide, record, 'together', 60)
    await issueThirtyLetters(contestant, wide, record, 'alone', 20)
    const endpoints = await endpointsOf(contestant, accessToken)
    await askEndpoints(endpoints, pids.auth, record, 'together', 160)
    await askEndpoints(endpoints, pids.auth, record, 'alone', 30)
    await reads.measure(40, accessToken)
    for (const writers of WRITERS) writes.get(writers)?.push(await writesPerSecond(storage, writers))
  }
  return {
    contestant,
    record,
    reads: reads.rows,
    writes,
    round: (weight) => (weight === 'warm-up' ? warmUp() : measure()),
  }
}

const { against } = parseArgs({ options: { against: { type: 'string' } } }).values
const began = performance.now()
const entered: Contestant[] = []
let other: CheckedOut | undefined
const leave = async () => {
  await Promise.all(entered.splice(0).map((contestant) => contestant.stop()))
  other?.remove()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void leave().finally(() => process.exit(1)))
try {
  if (against !== undefined) {
    console.log(`checking out ${against} and installing its packages …`)
    other = checkOut(against)
  }
  entered.push(await enter(describeTree(), join(import.meta.dirname, '..', '..')))
  if (other !== undefined) entered.push(await enter(describeTree(other.root), other.root))
  const running: Running[] = []
  for (const contestant of entered) running.push(await line(contestant))

  console.log('warming up …')
  for (const one of running) await one.round('warm-up')
  for (let round = 0; round < ROUNDS; round += 1) {
    // Who is first changes, so that whatever else the machine does falls on both.
    for (const one of round % 2 === 0 ? running : running.toReversed()) await one.round('measured')
  }

  for (const one of running) printOne(one)
  const [first, second] = running
  if (first !== undefined && second !== undefined) printBoth(first, second)
  const signatures = await measureSignatures()
  console.log(
    `\nSignatures on this machine now, processor ms: RS256 ${signatures.rs256Sign.toFixed(3)}, ES256 ${signatures.es256Sign.toFixed(3)}, ES256 check ${signatures.es256Verify.toFixed(3)}. The whole run took ${((performance.now() - began) / 1000).toFixed(0)} s.`,
  )
} finally {
  await leave()
}
