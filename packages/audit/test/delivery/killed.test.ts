import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '@uthopp/server-kit/log'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import type { Place } from '@uthopp/storage/open'
import { tenantOf } from '@uthopp/storage/tenant'
import { OUTBOX_MIGRATIONS } from '#src/delivery/migrations.ts'
import { createOutbox } from '#src/delivery/outbox.ts'
import { REPOSITORY_MIGRATIONS } from '#src/repository/migrations.ts'
import { createRepository } from '#src/repository/repository.ts'
import { verifyChain } from '#src/repository/verify.ts'
import { OUS } from '#test/records.ts'

const SCRIPT = new URL('./tireless-writer.ts', import.meta.url)
const ROUNDS = 4
const RECORDS_A_ROUND = 150

/** Kills a writer in the middle of writing and delivering; answers what it had been told was written. */
async function killedInTheMiddle(outbox: Place, repository: Place): Promise<readonly string[]> {
  const child = fork(SCRIPT, [JSON.stringify(outbox), JSON.stringify(repository)], { execArgv: [] })
  const answered: string[] = []
  const enough = Promise.withResolvers<void>()
  child.on('message', (id) => {
    if (typeof id === 'string' && answered.push(id) === RECORDS_A_ROUND) enough.resolve()
  })
  child.once('exit', () => enough.reject(new Error('the writer ended by itself')))
  const gone = once(child, 'exit')
  await enough.promise
  child.kill('SIGKILL')
  await gone
  return answered
}

onEachEngine([...OUTBOX_MIGRATIONS, ...REPOSITORY_MIGRATIONS], ({ open, shared, newPlace }) => {
  if (!shared) return
  describe('a process that is killed', () => {
    test('loses no record it was answered, and the repository holds none of them twice', {
      timeout: 60_000,
    }, async () => {
      const places = [newPlace(), newPlace()] as const
      const [db, logged] = [await open(places[0]), await open(places[1])]
      const answered: string[] = []
      for (let round = 0; round < ROUNDS; round += 1) answered.push(...(await killedInTheMiddle(...places)))

      const log = createLog({ name: 'test', level: 'silent' })
      // The turn of a node that died is free again after its time.
      const outbox = createOutbox({ db, now: () => new Date(Date.now() + 60_000), log, lingerMs: 0 })
      outbox.start(async (tenant, records) => {
        await createRepository(logged, tenant).append(records)
      })
      while ((await outbox.oldestPendingSeconds()) > 0) await sleep(20)
      await outbox.close()

      const repository = createRepository(logged, tenantOf(OUS))
      const { records } = await repository.search({ newestFirst: false, count: 100_000 })
      const kept = records.map(({ id }) => id)
      assert.ok(answered.length >= ROUNDS * RECORDS_A_ROUND)
      assert.equal(new Set(kept).size, kept.length)
      assert.deepEqual(
        answered.filter((id) => !new Set(kept).has(id)),
        [],
      )
      assert.equal((await verifyChain(logged, tenantOf(OUS))).fault, undefined)
    })
  })
})
