import { setTimeout as sleep } from 'node:timers/promises'
import { contend } from '@uthopp/storage/race'
import { createDecisionStore } from '#src/facts/storage/sql-decisions.ts'
import { noticeDue } from '#src/facts/storage/sql-due.ts'
import { days, TENANT } from '#test/facts/builders.ts'

await contend(async (db) => {
  const noticed = await noticeDue(db, TENANT, days(1))
  // Whoever settles takes its time between that and the commit, in which the others find the decision unsettled too.
  const settled = await createDecisionStore(db, TENANT).settle(days(1), () => sleep(200))
  return { noticed: noticed.length, settled: settled.length }
})
