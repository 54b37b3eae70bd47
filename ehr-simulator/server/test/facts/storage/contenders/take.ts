import { contend } from '@uthopp/storage/race'
import { createDecisionStore } from '#src/facts/storage/sql-decisions.ts'
import { aDecision, NOW, TENANT } from '#test/facts/builders.ts'

await contend((db) => createDecisionStore(db, TENANT).take(aDecision({ id: `decision-${process.pid}` }), NOW))
