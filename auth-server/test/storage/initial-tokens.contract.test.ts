import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { sql } from '@uthopp/storage/sql'
import { secretHash } from '#src/launch/secrets.ts'
import { nameOfInitialToken } from '#src/storage/initial-tokens.ts'
import { createInitialTokens } from '#src/storage/sql-initial-tokens.ts'
import { migrations } from '#src/storage/migrations.ts'
import { sweepExpired } from '#src/storage/sweep.ts'
import { later, NOW, OTHER_TENANT, TENANT } from './builders.ts'

const HASH = secretHash('a-token')
const given = {
  tokenHash: HASH,
  zone: 'external',
  approved: true,
  scope: 'launch',
  uses: 1,
  expiresAt: later(60),
} as const

describe('initial access tokens', () => {
  onEachEngine(migrations, ({ open }) => {
    test('of eight simultaneous registrations as many succeed as there are uses', async () => {
      const tokens = createInitialTokens(await open(), TENANT)
      await tokens.add({ ...given, uses: 3 })
      const spent = await Promise.all(Array.from({ length: 8 }, () => tokens.spend(HASH, NOW)))
      assert.deepEqual(
        spent.filter((one) => one !== undefined),
        Array.from({ length: 3 }, () => ({ zone: 'external', approved: true, scope: 'launch' })),
      )
      assert.equal(await tokens.find(HASH, NOW), undefined)
      await tokens.giveBack(HASH)
      assert.equal((await tokens.find(HASH, NOW))?.approved, true)
    })

    test('are withdrawn by their names, of this trust alone, and a use given back afterwards gives nothing back', async () => {
      const db = await open()
      const tokens = createInitialTokens(db, TENANT)
      await tokens.add({ ...given, uses: 2 })
      await tokens.add({ ...given, tokenHash: secretHash('another'), expiresAt: later(30) })
      await tokens.add({ ...given, tokenHash: secretHash('over'), expiresAt: NOW })
      assert.deepEqual(
        (await tokens.all(NOW)).map(({ tokenHash, uses }) => [tokenHash, uses]),
        [
          [secretHash('another'), 1],
          [HASH, 2],
        ],
      )
      assert.ok(await tokens.spend(HASH, NOW))
      const name = nameOfInitialToken(HASH)
      assert.equal(await createInitialTokens(db, OTHER_TENANT).withdraw(name), false)
      for (const wrong of ['', '%', HASH, name.slice(1)]) assert.equal(await tokens.withdraw(wrong), false, wrong)
      assert.equal(await tokens.withdraw(name), true)
      await tokens.giveBack(HASH)
      assert.equal(await tokens.spend(HASH, NOW), undefined)
      assert.equal(await tokens.withdraw(name), false)
      assert.ok(await tokens.find(secretHash('another'), NOW))
    })

    test('that bound nothing approve nothing', async () => {
      const tokens = createInitialTokens(await open(), TENANT)
      await tokens.add({ ...given, scope: null })
      assert.equal((await tokens.find(HASH, NOW))?.approved, false)
      assert.equal((await tokens.spend(HASH, NOW))?.approved, false)
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
