import { contend } from '@uthopp/storage/race'
import { createDecisionStore } from '#src/facts/storage/sql-decisions.ts'
import { noticeDue } from '#src/facts/storage/sql-due.ts'
import { days, TENANT } from '#test/facts/builders.ts'

await contend(async (db) => {
  const noticed = await noticeDue(db, TENANT, days(1))
  const settled = await createDecisionStore(db, TENANT).settle(days(1), () => Promise.resolve())
  return { noticed: noticed.length, settled: settled.length }
})
