import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import type { Client } from '#src/clients/client.ts'
import { createLook } from '#src/keys/issuer-keys.ts'
import { scheduleOfDays } from '#src/keys/stages.ts'
import { migrations } from '#src/storage/migrations.ts'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { NOW, OTHER_TENANT, TENANT } from './builders.ts'

const app: Client = {
  clientId: 'an-app',
  name: 'An app',
  redirectUris: ['http://localhost:4101/'],
  launchUris: [],
  grantTypes: ['authorization_code'],
  authentication: { method: 'none' },
  scope: 'launch',
  idTokenAlg: 'RS256',
  zone: 'internal',
  approval: 'trust',
  host: undefined,
}

describe('clients and keys', () => {
  onEachEngine(migrations, ({ open }) => {
    test('a client is found in its own trust only, and replaced by the deployment', async () => {
      const db = await open()
      const clients = createClientStore(db, TENANT)
      await clients.put(app)
      assert.equal((await clients.find('an-app'))?.name, 'An app')
      await clients.put({ ...app, name: 'Renamed' })
      assert.deepEqual(
        (await clients.all()).map((client) => client.name),
        ['Renamed'],
      )
      assert.equal(await createClientStore(db, OTHER_TENANT).find('an-app'), undefined)
    })

    test('processes that start together sign with the same keys, and a later start keeps them', async () => {
      const db = await open()
      const look = (tenant: typeof TENANT) =>
        createLook({ store: createKeyStore(db, tenant), schedule: scheduleOfDays(30), now: () => NOW })()
      const [one, two] = await Promise.all([look(TENANT), look(TENANT)])
      const again = await look(TENANT)
      const other = await look(OTHER_TENANT)
      assert.equal(one.accessToken.kid, two.accessToken.kid)
      assert.equal(one.idToken.kid, again.idToken.kid)
      assert.notEqual(one.idToken.kid, other.idToken.kid)
    })
  })
})
