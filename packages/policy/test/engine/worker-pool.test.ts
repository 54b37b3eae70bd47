import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { createWorkerPool } from '#src/engine/worker-pool.ts'
import { PROBES } from '#src/engine/probes.ts'
import { OWN_RULES, readRuleBook } from '#src/rules/rule-book.ts'

const book = await readRuleBook(OWN_RULES)
assert.ok(!isProblem(book))
const { version } = book
const silent = new URL('./silent-worker.ts', import.meta.url)
let lost = 0
const pool = createWorkerPool({
  size: 1,
  program: silent,
  answerMs: 30,
  restartMs: 1,
  onLost: () => {
    lost += 1
  },
})
pool.load(book)
after(() => pool.close())

/** Asks until a thread was there to be asked, and has been lost by it. */
async function askUntilLost(): Promise<unknown> {
  const before = lost
  for (;;) {
    const answered = await pool.judge(version, PROBES)
    if (lost > before) return answered
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('a thread that does not answer in time is ended and told of, and its questions are left to the caller', async () => {
  assert.equal(await askUntilLost(), undefined)
  assert.equal(lost, 1)
})

test('threads are started again however often they are lost', async () => {
  for (let loss = 1; loss < 8; loss += 1) {
    await askUntilLost()
    assert.equal(lost, loss + 1)
  }
})
