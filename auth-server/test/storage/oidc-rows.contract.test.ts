import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { raceAcrossProcesses } from '@uthopp/storage/race'
import { sql } from '@uthopp/storage/sql'
import { createRevocationLog } from '#src/revocations/sql-revocations.ts'
import { migrations } from '#src/storage/migrations.ts'
import type { OidcRow } from '#src/storage/oidc-rows.ts'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { sweepExpired } from '#src/storage/sweep.ts'
import { later, NOW, OTHER_TENANT, TENANT } from './builders.ts'

const code = (id: string, changes: Partial<OidcRow> = {}): OidcRow => ({
  model: 'AuthorizationCode',
  id,
  payload: { jti: id, scope: 'launch' },
  grantId: 'grant-1',
  uid: undefined,
  expiresAt: later(60),
  ...changes,
})

describe('the library’s rows', () => {
  onEachEngine(migrations, ({ open, newPlace, engine }) => {
    // Memory belongs to one process.
    const severalProcesses = engine === 'SQLite in memory' ? () => undefined : test

    test('of eight simultaneous uses of a code exactly one succeeds', async () => {
      const rows = createOidcRows(await open(), TENANT)
      await rows.put(code('a-code'))
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => rows.consume('AuthorizationCode', 'a-code', NOW)),
      )
      assert.equal(outcomes.filter(Boolean).length, 1)
      assert.deepEqual((await rows.find('AuthorizationCode', 'a-code'))?.consumedAt, NOW)
    })

    void severalProcesses('of uses of a code in several processes exactly one succeeds', async () => {
      const place = newPlace()
      await createOidcRows(await open(place), TENANT).put(code('a-code'))
      const outcomes = await raceAcrossProcesses({
        script: new URL('./contenders/consume.ts', import.meta.url),
        place,
        count: 4,
      })
      assert.equal(outcomes.filter((outcome) => outcome === true).length, 1)
    })

    void severalProcesses('of identical assertions exactly one is the first, also across processes', async () => {
      const place = newPlace()
      await open(place)
      const outcomes = await raceAcrossProcesses({
        script: new URL('./contenders/assert-once.ts', import.meta.url),
        place,
        count: 4,
      })
      assert.equal(outcomes.filter((outcome) => outcome === true).length, 1)
    })

    test('of simultaneous identical assertions exactly one is the first', async () => {
      const rows = createOidcRows(await open(), TENANT)
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, () => rows.putOnce(code('a-jti', { model: 'ReplayDetection' }))),
      )
      assert.equal(outcomes.filter(Boolean).length, 1)
    })

    test('whoever reads the database holds no code and no token', async () => {
      const db = await open()
      const rows = createOidcRows(db, TENANT)
      await rows.put(code('a-very-secret-code'))
      const [stored] = await db.all<{ text: string }>(
        sql`select id_hash || payload as text from oidc where tenant = ${TENANT}`,
      )
      assert.doesNotMatch(stored?.text ?? '', /a-very-secret-code/)
      assert.deepEqual((await rows.find('AuthorizationCode', 'a-very-secret-code'))?.payload, {
        jti: 'a-very-secret-code',
        scope: 'launch',
      })
    })

    test('a code of one trust is unknown at the other, and under another model', async () => {
      const db = await open()
      await createOidcRows(db, TENANT).put(code('a-code'))
      assert.equal(await createOidcRows(db, OTHER_TENANT).find('AuthorizationCode', 'a-code'), undefined)
      assert.equal(await createOidcRows(db, OTHER_TENANT).consume('AuthorizationCode', 'a-code', NOW), false)
      assert.equal(await createOidcRows(db, TENANT).find('RefreshToken', 'a-code'), undefined)
    })

    test('a grant dies with everything issued from it and nothing else', async () => {
      const rows = createOidcRows(await open(), TENANT)
      await rows.put(code('grant-1', { model: 'Grant', grantId: undefined }))
      await rows.put(code('a-code'))
      await rows.put(code('another', { grantId: 'grant-2' }))
      await rows.destroyByGrant('grant-1', NOW)
      assert.equal(await rows.find('Grant', 'grant-1'), undefined)
      assert.equal(await rows.find('AuthorizationCode', 'a-code'), undefined)
      assert.ok(await rows.find('AuthorizationCode', 'another'))
    })

    test('an opaque token dies alone, and the stream of revocations has its public name', async () => {
      const db = await open()
      const rows = createOidcRows(db, TENANT)
      for (const id of ['a-token', 'another']) await rows.put(code(id, { model: 'AccessToken' }))
      await createOidcRows(db, OTHER_TENANT).destroyToken({ model: 'AccessToken', id: 'a-token', name: 'n' }, NOW)
      assert.ok(await rows.find('AccessToken', 'a-token'), 'a token of one trust is not the other’s to end')
      await rows.destroyToken({ model: 'AccessToken', id: 'a-token', name: 'name-of-it' }, NOW)
      assert.equal(await rows.find('AccessToken', 'a-token'), undefined)
      assert.ok(await rows.find('AccessToken', 'another'))
      const log = createRevocationLog(db, TENANT)
      const { revocations } = await log.readAfter(await log.start())
      assert.deepEqual(
        revocations.map(({ kind, id }) => [kind, id]),
        [['token', 'name-of-it']],
      )
    })

    test('sweeping takes what has outlived its use and the clock tolerance', async () => {
      const db = await open()
      const rows = createOidcRows(db, TENANT)
      await rows.put(code('old'))
      await rows.put(code('young', { expiresAt: later(600) }))
      assert.equal(await sweepExpired(db, later(119)), 0)
      assert.equal(await sweepExpired(db, later(121)), 1)
      assert.equal(await rows.find('AuthorizationCode', 'old'), undefined)
      assert.ok(await rows.find('AuthorizationCode', 'young'))
    })
  })
})
