import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHttpRepository } from '@uthopp/audit/http-repository'
import { createOutbox, type Outbox } from '@uthopp/audit/outbox'
import { OUTBOX_MIGRATIONS } from '@uthopp/audit/outbox-migrations'
import { createLog } from '@uthopp/server-kit/log'
import { migrate } from '@uthopp/storage/migrate'
import { openPlace } from '@uthopp/storage/open'
import { AHUS, OUS } from '#test/support/stub-host.ts'
import { startWorld, type World } from '#test/support/world.ts'
import { aRecord, logged } from './support.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

/** The outbox of a gateway, with a database of its own. */
async function gatewayOutbox(): Promise<Outbox> {
  const db = await openPlace({ kind: 'memory' })
  await migrate(db, OUTBOX_MIGRATIONS)
  const now = () => new Date()
  const outbox = createOutbox({ db, now, log: createLog({ name: 'test', level: 'silent' }), lingerMs: 0 })
  const keyOf = () => world.gateway.key
  outbox.start(createHttpRepository({ issuerOf: (orgnr) => world.issuer(orgnr), clientId: 'gateway', keyOf, now }))
  return outbox
}

async function emptied(outbox: Outbox): Promise<void> {
  const deadline = performance.now() + 30_000
  while ((await outbox.oldestPendingSeconds()) > 0) {
    if (performance.now() > deadline) throw new Error('nothing was delivered')
    await sleep(20)
  }
}

describe('records of another process', () => {
  test('arrive in the log of their own trust, in order', async () => {
    const outbox = await gatewayOutbox()
    const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 8, minute))
    const records = Array.from({ length: 150 }, (_, index) =>
      aRecord({ source: 'gateway', at: at(index), tenant: index % 3 === 0 ? AHUS : OUS, correlationId: 'delivered' }),
    )
    await outbox.write(records)
    await emptied(outbox)
    await outbox.close()
    for (const tenant of [OUS, AHUS]) {
      const own = records.filter((record) => record.tenant === tenant).map(({ id }) => id)
      const arrived = (await logged(world, () => true, tenant)).filter(
        ({ correlationId }) => correlationId === 'delivered',
      )
      assert.deepEqual(
        arrived.map(({ id }) => id),
        own,
      )
    }
  })

  test('that pretend to be another’s are set aside, and their neighbours arrive', async () => {
    const outbox = await gatewayOutbox()
    const good = aRecord({ source: 'gateway', correlationId: 'good' })
    await outbox.write([aRecord({ source: 'host', correlationId: 'forged' }), good])
    await logged(world, (records) => records.some(({ id }) => id === good.id))
    await emptied(outbox)
    assert.equal(await outbox.setAside(), 1)
    await outbox.close()
    const records = await logged(world, () => true)
    assert.ok(!records.some(({ correlationId }) => correlationId === 'forged'))
  })
})
