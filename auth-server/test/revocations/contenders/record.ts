import { contend } from '@uthopp/storage/race'
import { setTimeout as sleep } from 'node:timers/promises'
import { recordRevocations } from '#src/revocations/sql-revocations.ts'
import { NOW, TENANT } from '#test/storage/builders.ts'
import { GRANTS_A_WRITER } from './grants-a-writer.ts'

await contend(async (db) => {
  const ids = Array.from({ length: GRANTS_A_WRITER }, (_, index) => `${process.pid}-${index}`)
  for (const [index, id] of ids.entries()) {
    await db.transaction(async (inside) => {
      await recordRevocations(inside, TENANT, [{ kind: 'grant', id }], NOW)
      // Some take their time between the number and the commit: the moment in which a reader could run past them.
      if (index % 3 === 0) await sleep(4)
    })
  }
  return ids
})
