import { fork } from 'node:child_process'
import type { Database } from './database.ts'
import { openPlace, type Place } from './open.ts'

const LIMIT_MS = 30_000

/**
 * For tests: starts `count` processes of a script on one place, lets them all attempt at the same moment and answers what
 * each got. The script's last line is `await contend(…)`.
 */
export async function raceAcrossProcesses(options: {
  readonly script: URL
  readonly place: Place
  readonly count: number
}): Promise<readonly unknown[]> {
  const contenders = Array.from({ length: options.count }, () => start(options.script, options.place))
  try {
    await Promise.all(contenders.map((contender) => contender.ready))
    for (const contender of contenders) contender.go()
    return await Promise.all(contenders.map((contender) => contender.outcome))
  } finally {
    for (const contender of contenders) contender.stop()
  }
}

/** The other side: opens the place, waits for the start signal, attempts once and hands the outcome back. */
export async function contend(attempt: (db: Database) => Promise<unknown>): Promise<void> {
  const place = JSON.parse(process.argv[2] ?? '') as Place // written by `start` below
  const db = await openPlace(place)
  const started = new Promise((resolve) => {
    process.once('message', resolve)
  })
  process.send?.({ kind: 'ready' })
  await started
  const value = (await attempt(db)) ?? null
  await db.close()
  process.send?.({ kind: 'outcome', value })
  process.disconnect()
}

function start(script: URL, place: Place) {
  const child = fork(script, [JSON.stringify(place)], { execArgv: [] })
  const ready = Promise.withResolvers<void>()
  const outcome = Promise.withResolvers<unknown>()
  const fail = (reason: string) => {
    ready.reject(new Error(reason))
    outcome.reject(new Error(reason))
  }
  // Whoever waits for one of the two must not be ended by the other.
  outcome.promise.catch(() => undefined)
  const limit = setTimeout(() => fail('a contender took too long'), LIMIT_MS)
  child.on('message', (message: { kind: 'ready' } | { kind: 'outcome'; value: unknown }) => {
    if (message.kind === 'ready') ready.resolve()
    else outcome.resolve(message.value)
  })
  child.once('exit', (code) => fail(`a contender ended with ${code} before it answered`))
  return {
    ready: ready.promise,
    outcome: outcome.promise,
    go: () => void child.send('go'),
    stop: () => {
      clearTimeout(limit)
      if (child.exitCode === null) child.kill()
    },
  }
}
