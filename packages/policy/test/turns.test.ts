import assert from 'node:assert/strict'
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ask } from '#src/decision-point.ts'
import type { CaseFacts } from '#src/facts.ts'
import { createDecisionPoint } from '#src/in-process.ts'
import { OWN_RULES } from '#src/rules/rule-book.ts'
import { giveTurn } from '#src/turns.ts'
import { CORPUS_TIME, toAsk } from './corpus.ts'
import { named } from './decision-point.contract.ts'
import { READ, rowsOf } from './measured-questions.ts'

/** What nobody may be kept waiting for longer, by the work of deciding. */
const MOST_MS = 20

/** Follows turn upon turn of the event loop; answers how long this thread worked in the longest of them, in milliseconds. */
function watchTurns(): () => number {
  let longest = 0
  let over = false
  let before = process.threadCpuUsage()
  const look = (): void => {
    const now = process.threadCpuUsage()
    longest = Math.max(longest, (now.user - before.user + now.system - before.system) / 1000)
    before = now
    if (!over) setImmediate(look)
  }
  setImmediate(look)
  return () => {
    over = true
    return longest
  }
}

/** The longest turn of each of several runs; the least counts, for collecting garbage interrupts too. */
async function leastHeld(rounds: number, work: () => Promise<void>): Promise<number> {
  const held: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await sleep(5)
    const longest = watchTurns()
    await work()
    await sleep(5)
    held.push(longest())
  }
  return Math.min(...held)
}

let time = CORPUS_TIME.getTime()
const folder = await mkdtemp(join(tmpdir(), 'turns-'))
await cp(OWN_RULES, folder, { recursive: true })
let refusedOrLoaded = (): void => {}
let facts: CaseFacts = READ.facts
const point = createDecisionPoint({
  facts: { read: () => Promise.resolve(facts) },
  rules: folder,
  now: () => new Date(time),
  log: ({ event }) => {
    if (event === 'rules-loaded' || event === 'rules-refused') refusedOrLoaded()
  },
})
await point.opened
after(async () => {
  await point.close()
  await rm(folder, { recursive: true, force: true })
})

const { ask: lifted, facts: blocked } = toAsk(named('glass-opens-record-block-item'))

/** Rows of a patient who blocked the whole record, read while the block of one other item is lifted. */
const blockedRows = (count: number): readonly Ask[] =>
  rowsOf(count, count).map(({ question }) => ({
    ...lifted,
    circumstance: { ...lifted.circumstance, grants: ['*.r', '*.s'] },
    question,
  }))

test('two hundred blocked rows under a lifted block hold nobody up', async (t) => {
  facts = blocked
  const asks = blockedRows(200)
  const held = await leastHeld(5, async () => {
    const answers = await point.decideAll(asks)
    assert.equal(answers.length, 200)
    assert.ok(answers.every(({ effect }) => effect === 'deny'))
  })
  facts = READ.facts
  t.diagnostic(`${held.toFixed(1)} ms`)
  assert.ok(held <= MOST_MS, `${held} ms`)
})

test('two hundred different cases hold nobody up', async (t) => {
  const asks = rowsOf(200, 200)
  const held = await leastHeld(5, async () => {
    time += 10_000
    await point.decideAll(asks)
  })
  t.diagnostic(`${held.toFixed(1)} ms`)
  assert.ok(held <= MOST_MS, `${held} ms`)
})

test('forty pages of permits that are remembered hold nobody up', async (t) => {
  const asks = rowsOf(200, 20)
  await point.decideAll(asks)
  const held = await leastHeld(5, async () => {
    for (let page = 0; page < 40; page += 1) await point.decideAll(asks)
  })
  t.diagnostic(`${held.toFixed(1)} ms`)
  assert.ok(held <= MOST_MS, `${held} ms`)
})

test('twenty who ask at once share one turn', async (t) => {
  const asks = rowsOf(40, 40)
  const held = await leastHeld(5, async () => {
    time += 10_000
    await Promise.all(Array.from({ length: 20 }, () => point.decideAll(asks)))
  })
  t.diagnostic(`${held.toFixed(1)} ms`)
  assert.ok(held <= MOST_MS, `${held} ms`)
})

test('new rules are read, validated and taken up while others are served', async (t) => {
  let versions = 0
  const held = await leastHeld(6, async () => {
    const loaded = new Promise<void>((resolve) => (refusedOrLoaded = resolve))
    await appendFile(join(folder, 'read-glass.cedar'), `// ${(versions += 1)}\n`)
    await loaded
    assert.equal(point.status().refused, null)
  })
  t.diagnostic(`${held.toFixed(1)} ms`)
  assert.ok(held <= MOST_MS, `${held} ms`)
})

test('whoever has time left is not made to wait', async () => {
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(giveTurn(), undefined)
})
