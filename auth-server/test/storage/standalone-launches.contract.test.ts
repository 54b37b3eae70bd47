import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { migrations } from '#src/storage/migrations.ts'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { createStandaloneLaunchStore } from '#src/storage/sql-standalone-launches.ts'
import { aLaunch, authorizedOf, later, NOW, OTHER_TENANT, TENANT } from './builders.ts'

const authorized = (grantId: string) => authorizedOf(aLaunch('a').ticket, grantId)
const decided = (interaction: string, grantId: string) =>
  ({ interaction, authorized: authorized(grantId), keepUntil: later(600), now: NOW }) as const

describe('standalone launches', () => {
  onEachEngine(migrations, ({ open }) => {
    test('of eight simultaneous answers to one interaction one leads to a grant', async () => {
      const db = await open()
      const store = createStandaloneLaunchStore(db, TENANT)
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.authorize(decided('interaction', `grant-${index}`))),
      )
      assert.equal(outcomes.filter(Boolean).length, 1)
      assert.equal(
        await createStandaloneLaunchStore(db, OTHER_TENANT).authorize(decided('interaction', 'grant-x')),
        true,
      )
    })

    test('are found by their grant, in their own trust alone', async () => {
      const db = await open()
      const store = createStandaloneLaunchStore(db, TENANT)
      await store.authorize(decided('interaction', 'grant-1'))
      assert.equal((await store.findByGrant('grant-1'))?.context.user, 'stf101')
      const elsewhere = createStandaloneLaunchStore(db, OTHER_TENANT)
      assert.equal(await elsewhere.findByGrant('grant-1'), undefined)
    })

    test('are shown to their person while their grant lives, and no longer', async () => {
      const db = await open()
      const store = createStandaloneLaunchStore(db, TENANT)
      const rows = createOidcRows(db, TENANT)
      const grant = { model: 'Grant', payload: {}, grantId: undefined, uid: undefined, expiresAt: later(600) }
      for (const id of ['grant-1', 'grant-2']) {
        await store.authorize(decided(`interaction of ${id}`, id))
        await rows.put({ ...grant, id })
      }
      const shown = async (user: string, at = NOW) => (await store.ofUser(user, at)).map(({ grantId }) => grantId)
      assert.deepEqual((await shown('stf101')).toSorted(), ['grant-1', 'grant-2'])
      assert.deepEqual(await shown('stf104'), [])
      assert.deepEqual(await shown('stf101', later(600)), [])
      await rows.destroyByGrant('grant-1', NOW)
      assert.deepEqual(await shown('stf101'), ['grant-2'])
    })
  })
})
