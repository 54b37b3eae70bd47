import { contend } from '@uthopp/storage/race'
import { publishNext } from '#src/keys/publish-next.ts'
import { scheduleOfDays } from '#src/keys/stages.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { later, TENANT } from '#test/storage/builders.ts'

await contend(async (db) => {
  const store = createKeyStore(db, TENANT)
  const deps = { store, schedule: scheduleOfDays(30), now: () => later(60) }
  await publishNext(await store.all(), 'asked', deps)
  return (await store.all()).map(({ alg, generation, kid }) => `${alg} ${generation} ${kid}`)
})
