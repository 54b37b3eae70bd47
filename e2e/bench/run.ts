import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Contestant, enter } from './contestant.ts'
import { measureDecisionPoint } from './decision-rows.ts'
import { goalsOf } from './goals.ts'
import { prepareLine, type Running } from './line.ts'
import { checkOut, describeTree, type CheckedOut } from './other-commit.ts'
import { printDecisions, printGoals } from './policy-tables.ts'
import { measureSignatures } from './signature-cost.ts'
import { printBoth, printOne } from './tables.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const MOST_ROUNDS = 7
const FEWEST_ROUNDS = 3
/** What is judged by ratios is warmed up longest. On an idle machine two contestants, all of it, stay below three minutes. */
const WARM_UP_MS = 34_000
const WARM_UP_ENFORCED_MS = 18_000
/** For each contestant. */
const MEASURING_MS = 34_000

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
  console.log('deciding …')
  const decisions = await measureDecisionPoint(ROOT)

  // What OAuth costs is judged without policy, and what policy adds is seen beside it.
  for (const policy of ['off', 'enforce'] as const) entered.push(await enter(describeTree(), ROOT, policy))
  if (other !== undefined) entered.push(await enter(describeTree(other.root), other.root, 'off'))
  const running: Running[] = []
  for (const contestant of entered) running.push(await prepareLine(contestant))

  console.log('warming up …')
  for (const one of running) await one.warmUp(one === running[1] ? WARM_UP_ENFORCED_MS : WARM_UP_MS)
  console.log('measuring …')
  const until = performance.now() + MEASURING_MS * running.length
  for (let round = 0; round < MOST_ROUNDS && (round < FEWEST_ROUNDS || performance.now() < until); round += 1) {
    // Who is first changes, so that whatever else the machine does falls on all.
    for (const one of round % 2 === 0 ? running : running.toReversed()) await one.measure()
  }

  for (const one of running) printOne(one)
  const [off, enforced, older] = running
  if (off === undefined || enforced === undefined) throw new Error('both worlds were entered above')
  printBoth('What policy adds', enforced, off)
  if (older !== undefined) printBoth('Against the other commit', off, older)
  if (decisions !== undefined) printDecisions(decisions)
  printGoals(goalsOf(off, enforced, decisions))
  const now = await measureSignatures()
  const digits = (value: number) => value.toFixed(3)
  console.log(
    `\nSignatures on this machine now, processor ms: RS256 ${digits(now.rs256Sign)}, ES256 ${digits(now.es256Sign)}, ES256 check ${digits(now.es256Verify)}: by WebCrypto, by which the servers sign and check too, with the way to its threads and back. Without that way (node:crypto, on the event loop) ES256 would be ${digits(now.es256OnTheSpot)}. The whole run took ${((performance.now() - began) / 1000).toFixed(0)} s.`,
  )
} finally {
  await leave()
}
