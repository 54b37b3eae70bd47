import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { sql } from '@uthopp/storage/sql'
import { secretHash } from '#src/launch/secrets.ts'
import { createInitialTokens } from '#src/storage/initial-tokens.ts'
import { migrations } from '#src/storage/migrations.ts'
import { sweepExpired } from '#src/storage/sweep.ts'
import { later, NOW, OTHER_TENANT, TENANT } from './builders.ts'

const HASH = secretHash('a-token')
const given = { tokenHash: HASH, zone: 'external', approved: true, uses: 1, expiresAt: later(60) } as const

describe('initial access tokens', () => {
  onEachEngine(migrations, ({ open }) => {
    test('of eight simultaneous registrations as many succeed as there are uses', async () => {
      const tokens = createInitialTokens(await open(), TENANT)
      await tokens.add({ ...given, uses: 3 })
      const spent = await Promise.all(Array.from({ length: 8 }, () => tokens.spend(HASH, NOW)))
      assert.deepEqual(
        spent.filter((one) => one !== undefined),
        Array.from({ length: 3 }, () => ({ zone: 'external', approved: true })),
      )
      assert.equal(await tokens.isGood(HASH, NOW), false)
      await tokens.giveBack(HASH)
      assert.equal(await tokens.isGood(HASH, NOW), true)
    })

    test('unknown, expired and another trust’s open nothing, and go when they are over', async () => {
      const db = await open()
      const tokens = createInitialTokens(db, TENANT)
      await tokens.add(given)
      assert.equal(await tokens.spend(secretHash('another'), NOW), undefined)
      assert.equal(await createInitialTokens(db, OTHER_TENANT).spend(HASH, NOW), undefined)
      assert.equal(await tokens.spend(HASH, later(60)), undefined)
      assert.equal(await sweepExpired(db, later(60)), 0)
      assert.equal(await sweepExpired(db, later(61)), 1)
      assert.deepEqual(await db.acrossTenants.all(sql`select * from initial_access_token`), [])
    })
  })
})
