import { createLog } from '@uthopp/server-kit/log'
import { openPlace, type Place } from '@uthopp/storage/open'
import { createOutbox } from '#src/delivery/outbox.ts'
import { createRepository } from '#src/repository/repository.ts'
import { aRecord } from '#test/records.ts'

/** Writes from eight callers and delivers at the same time until it is killed, and tells its parent of every record it was answered. */
const [outboxPlace = '', repositoryPlace = ''] = process.argv.slice(2)
process.once('disconnect', () => process.exit(1))
const db = await openPlace(JSON.parse(outboxPlace) as Place) // written by the test
const logged = await openPlace(JSON.parse(repositoryPlace) as Place)
const outbox = createOutbox({
  db,
  now: () => new Date(),
  log: createLog({ name: 'test', level: 'silent' }),
  lingerMs: 0,
})
outbox.start(async (tenant, records) => {
  await createRepository(logged, tenant).append(records)
})

async function writeOn(): Promise<never> {
  for (;;) {
    const record = aRecord({ at: new Date() })
    await outbox.write([record])
    process.send?.(record.id)
    await new Promise(setImmediate)
  }
}

await Promise.all(Array.from({ length: 8 }, writeOn))
