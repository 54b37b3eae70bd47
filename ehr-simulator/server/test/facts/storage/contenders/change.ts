import { setTimeout as sleep } from 'node:timers/promises'
import { contend } from '@uthopp/storage/race'
import { recordChanges } from '#src/facts/storage/sql-changes.ts'
import { TENANT } from '#test/facts/builders.ts'

const A_WRITER = 25

await contend(async (db) => {
  const ids = Array.from({ length: A_WRITER }, (_, index) => `${process.pid}-${index}`)
  for (const [index, id] of ids.entries()) {
    await db.transaction(async (inside) => {
      await recordChanges(inside, TENANT, [{ kind: 'patient', id }])
      // Some take their time between the number and the commit: the moment in which a reader could run past them.
      if (index % 3 === 0) await sleep(4)
    })
  }
  return ids
})
