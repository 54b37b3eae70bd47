import { createOutbox } from '@uthopp/audit/outbox'
import { createLog } from '@uthopp/server-kit/log'
import { newTrace } from '@uthopp/server-kit/trace'
import { openPlace } from '@uthopp/storage/open'
import { clinician, createAuditWriter } from '#src/audit/audit-writer.ts'
import { createDecisionStore } from '#src/facts/storage/sql-decisions.ts'
import { aDecision, NOW, TENANT } from '../../builders.ts'

/** Takes a decision as the dialogs do, and is killed like a process whose power is cut: `inside` the transaction, or `after` it. */
const [, , file = '', when = ''] = process.argv
const db = await openPlace({ kind: 'file', file, durability: 'full' })
const now = () => NOW
const outbox = createOutbox({ db, now, log: createLog({ name: 'host', level: 'error' }) })
const audit = createAuditWriter({ tenant: TENANT, outbox, now })
const die = () => process.kill(process.pid, 'SIGKILL')

await createDecisionStore(db, TENANT).take(aDecision(), NOW, async (inside, { id, template, patient }) => {
  await audit.write(
    {
      activity: 'self-authorized',
      actor: clinician('stf1', 'agb1'),
      trace: newTrace(),
      patient,
      decision: { id, template, userSelected: true },
    },
    inside,
  )
  if (when === 'inside') die()
})
die()
