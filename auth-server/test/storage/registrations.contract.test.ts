import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import type { Client } from '#src/clients/client.ts'
import { createRevocationLog } from '#src/revocations/sql-revocations.ts'
import { migrations } from '#src/storage/migrations.ts'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { createRegistrations } from '#src/storage/sql-registrations.ts'
import { sweepExpired } from '#src/storage/sweep.ts'
import { later, NOW, OTHER_TENANT, TENANT } from './builders.ts'

const appOf = (clientId: string): Client => ({
  clientId,
  name: clientId,
  redirectUris: ['http://localhost:4101/'],
  launchUris: [],
  grantTypes: ['authorization_code'],
  authentication: { method: 'none' },
  scope: 'launch',
  idTokenAlg: 'RS256',
  zone: 'internal',
  approval: 'demo-automatic',
  host: undefined,
})
const DAY = 24 * 60 * 60

describe('registered apps', () => {
  onEachEngine(migrations, ({ open }) => {
    const openStores = async () => {
      const db = await open()
      const clients = createClientStore(db, TENANT)
      const ids = async () => (await clients.all()).map(({ clientId }) => clientId)
      return { db, clients, registrations: createRegistrations(db, TENANT), ids }
    }

    test('are kept up to the quota of their own trust; clients of the deployment do not count', async () => {
      const { db, clients, registrations } = await openStores()
      await clients.put(appOf('deployed'))
      assert.equal(await registrations.add(appOf('a'), 2, NOW), true)
      assert.equal(await registrations.add(appOf('b'), 2, NOW), true)
      assert.equal(await registrations.add(appOf('c'), 2, NOW), false)
      assert.equal(await clients.find('c'), undefined)
      assert.equal(await createRegistrations(db, OTHER_TENANT).add(appOf('c'), 2, NOW), true)
    })

    test('make room oldest first, never one that was used or has just come', async () => {
      const { clients, registrations, ids } = await openStores()
      await clients.put(appOf('deployed'))
      for (const [index, id] of ['used', 'old', 'older-than-new', 'new'].entries())
        await registrations.add(appOf(id), 9, later(index))
      await registrations.markUsed('used', later(5))
      const before = later(3)
      assert.equal(await registrations.removeOldestUnused(before, later(6)), 'old')
      assert.equal(await registrations.removeOldestUnused(before, later(6)), 'older-than-new')
      assert.equal(await registrations.removeOldestUnused(before, later(6)), undefined)
      assert.deepEqual(await ids(), ['deployed', 'new', 'used'])
    })

    test('expire 30 days after registration when never used, 180 days after the last use, and the gateway hears of it', async () => {
      const { db, clients, registrations, ids } = await openStores()
      await clients.put(appOf('deployed'))
      await registrations.add(appOf('never-used'), 9, NOW)
      await registrations.add(appOf('used'), 9, NOW)
      await registrations.markUsed('used', later(20 * DAY))
      assert.equal(await sweepExpired(db, later(30 * DAY)), 0)
      assert.equal(await sweepExpired(db, later(30 * DAY + 1)), 1)
      assert.deepEqual(await ids(), ['deployed', 'used'])
      const log = createRevocationLog(db, TENANT)
      const page = await log.readAfter(await log.start())
      assert.deepEqual(
        page.revocations.map(({ kind, id }) => `${kind} ${id}`),
        ['client never-used'],
      )
      await sweepExpired(db, later(200 * DAY))
      assert.deepEqual(await ids(), ['deployed', 'used'])
      await sweepExpired(db, later(200 * DAY + 1))
      assert.deepEqual(await ids(), ['deployed'])
    })
  })
})
