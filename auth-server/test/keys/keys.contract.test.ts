import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { migrate } from '@uthopp/storage/migrate'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { openPlace } from '@uthopp/storage/open'
import { raceAcrossProcesses } from '@uthopp/storage/race'
import { sql } from '@uthopp/storage/sql'
import type { Database } from '@uthopp/storage/database'
import { createLook } from '#src/keys/issuer-keys.ts'
import { publishNext } from '#src/keys/publish-next.ts'
import { scheduleOfDays } from '#src/keys/stages.ts'
import { keyStagesMigration } from '#src/storage/key-stages-migration.ts'
import { migrations } from '#src/storage/migrations.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { later, NOW, OTHER_TENANT, TENANT } from '#test/storage/builders.ts'
import { QUICK } from './quick.ts'

const MONTH = 30 * 24 * 3600
const schedule = scheduleOfDays(30)

/** What one process sees, at the times it is asked about. */
function process(db: Database, tenant = TENANT) {
  const at = { seconds: 0 }
  const store = createKeyStore(db, tenant)
  const deps = { store, schedule, now: () => later(at.seconds) }
  const look = createLook(deps)
  return {
    store,
    async seesAt(seconds: number) {
      at.seconds = seconds
      const { accessToken, idToken, published, cookieKeys } = await look()
      return { signing: [accessToken.kid, idToken.kid], published: published.map((key) => key.kid), cookieKeys }
    },
    async asksAt(seconds: number) {
      at.seconds = seconds
      await publishNext(await store.all(), 'asked', deps)
    },
  }
}

describe('signing keys', () => {
  onEachEngine(migrations, ({ open, shared, newPlace }) => {
    test('change on schedule: published, then signing, then kept for what they signed, then gone', async () => {
      const db = await open()
      const one = process(db)
      const first = await one.seesAt(0)
      assert.deepEqual(await one.seesAt(MONTH - 901), first)
      const waiting = await one.seesAt(MONTH - 900)
      assert.deepEqual(waiting.signing, first.signing)
      assert.equal(waiting.published.length, 4)
      const after = await one.seesAt(MONTH + 1)
      assert.ok(after.signing.every((kid) => waiting.published.includes(kid) && !first.signing.includes(kid)))
      assert.deepEqual(after.published.toSorted(), waiting.published.toSorted())
      const last = await one.seesAt(MONTH + 3600 + 601)
      assert.deepEqual(last.published.toSorted(), after.signing.toSorted())
      assert.equal((await one.store.all()).length, 2, 'a key that is gone is forgotten, its private half too')
    })

    test('sign in the library with the first of their algorithm, whatever waits or has retired beside them', async () => {
      const one = process(await open())
      await one.seesAt(0)
      await one.asksAt(10)
      for (const seconds of [20, 2000]) {
        const { signing, published } = await one.seesAt(seconds)
        const algs = new Map((await one.store.all()).map(({ kid, alg }) => [kid, alg]))
        for (const alg of ['ES256', 'RS256'])
          assert.ok(signing.includes(published.find((kid) => algs.get(kid) === alg) ?? ''))
      }
    })

    test('of which cookies signed with the one before, or by a process that is ahead, are still known', async () => {
      const one = process(await open())
      const before = await one.seesAt(0)
      await one.asksAt(10)
      const waiting = await one.seesAt(20)
      const after = await one.seesAt(2000)
      assert.equal(waiting.cookieKeys[0], before.cookieKeys[0])
      assert.ok(waiting.cookieKeys.includes(after.cookieKeys[0] ?? ''))
      assert.ok(after.cookieKeys.includes(before.cookieKeys[0] ?? ''))
    })

    test('published by a process that dies then take over on time in the next one, not sooner', async () => {
      const db = await open()
      const first = await process(db).seesAt(0)
      await process(db).asksAt(100)
      const reborn = process(db)
      assert.deepEqual((await reborn.seesAt(100 + 899)).signing, first.signing)
      const after = await reborn.seesAt(100 + 900)
      assert.ok(after.signing.every((kid) => !first.signing.includes(kid)))
    })

    test('asked for again while one waits do not pile up', async () => {
      const one = process(await open())
      await one.seesAt(0)
      await one.asksAt(10)
      await one.asksAt(20)
      assert.equal((await one.store.all()).length, 4)
    })

    test('that a server slept through the end of are published first all the same', async () => {
      const db = await open()
      const first = await process(db).seesAt(0)
      const woken = process(db)
      assert.deepEqual((await woken.seesAt(10 * MONTH)).signing, first.signing)
      assert.ok((await woken.seesAt(10 * MONTH + 900)).signing.every((kid) => !first.signing.includes(kid)))
    })

    test("of one trust change without the other's", async () => {
      const db = await open()
      const other = process(db, OTHER_TENANT)
      const before = await other.seesAt(0)
      const one = process(db)
      await one.seesAt(0)
      await one.asksAt(10)
      await one.seesAt(2000)
      assert.deepEqual(await other.seesAt(2000), before)
    })

    test('made before keys had stages go on signing, and end a month after they were made', async () => {
      const db = await openPlace(newPlace())
      try {
        await migrate(db, migrations.slice(0, migrations.indexOf(keyStagesMigration)))
        const { kid, privateJwk } = await generateSigningKey('ES256')
        await db.run(sql`insert into signing_key (tenant, alg, generation, kid, jwk, created_at)
          values (${TENANT}, 'ES256', 1, ${kid}, ${JSON.stringify(privateJwk)}, ${NOW.getTime()})`)
        await migrate(db, migrations)
        const one = process(db)
        assert.ok((await one.seesAt(MONTH - 901)).signing.includes(kid))
        assert.ok((await one.seesAt(MONTH - 900)).signing.includes(kid))
        assert.ok(!(await one.seesAt(MONTH)).signing.includes(kid))
      } finally {
        await db.close()
      }
    })

    // Memory belongs to one process.
    const severalProcesses = shared ? test : () => undefined

    void severalProcesses('that several processes publish at once are one key of each algorithm', async () => {
      const place = newPlace()
      await process(await open(place)).seesAt(0)
      const script = new URL('./contenders/publish.ts', import.meta.url)
      const [first, ...rest] = await raceAcrossProcesses({ script, place, count: 3 })
      assert.ok(Array.isArray(first) && first.length === 4)
      for (const other of rest) assert.deepEqual(other, first)
    })

    void severalProcesses('published by one process are soon followed by another', async () => {
      const place = newPlace()
      const db = await open(place)
      const store = createKeyStore(db, TENANT)
      const look = createLook({ store, schedule: QUICK, now: () => new Date() })
      const before = await look()
      const script = new URL('./contenders/follow.ts', import.meta.url)
      const seen = await raceAcrossProcesses({ script, place, count: 2 })
      const after = await look()
      const kids = [before, after].map(({ accessToken, idToken }) => [accessToken.kid, idToken.kid])
      assert.notDeepEqual(kids[0], kids[1])
      for (const one of seen) assert.deepEqual(one, kids)
    })
  })
})
