import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { repeat } from '#src/repeating.ts'

/** Lets everything that waits for nothing but promises go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

function counting(context: TestContext, work: (run: number) => Promise<void> = async () => undefined) {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const failures: unknown[] = []
  let runs = 0
  const repeating = repeat({
    work: () => work((runs += 1)),
    everyMs: 1000,
    onFailure: (error) => failures.push(error),
  })
  const pass = async (ms: number) => {
    await settle()
    context.mock.timers.tick(ms)
    await settle()
  }
  return { repeating, failures, pass, runs: () => runs }
}

test('repeated work is done at once, and again each time the pause is over', async (context) => {
  const { runs, pass, repeating } = counting(context)
  assert.equal(runs(), 1)
  await pass(999)
  assert.equal(runs(), 1)
  await pass(1)
  await pass(1000)
  assert.equal(runs(), 3)
  await repeating.stop()
})

test('stopped work is not done once more', async (context) => {
  const { runs, pass, repeating } = counting(context)
  await pass(1000)
  await repeating.stop()
  await pass(10_000)
  assert.equal(runs(), 2)
})

test('stopping waits for the run that is under way, and none follows it', async (context) => {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const { runs, pass, repeating } = counting(context, () => promise)
  await pass(10_000)
  assert.equal(runs(), 1, 'runs do not overlap')
  let stopped = false
  const stop = repeating.stop().then(() => (stopped = true))
  await settle()
  assert.equal(stopped, false)
  resolve(undefined)
  await stop
  await pass(10_000)
  assert.equal(runs(), 1)
})

test('a failed run is told, and the next one goes on', async (context) => {
  const { runs, pass, failures, repeating } = counting(context, async (run) => {
    if (run === 1) throw new Error('the first one fails')
  })
  await pass(1000)
  assert.equal(runs(), 2)
  assert.deepEqual(failures, [new Error('the first one fails')])
  await repeating.stop()
})
