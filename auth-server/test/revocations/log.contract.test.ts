import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { raceAcrossProcesses } from '@uthopp/storage/race'
import type { Database } from '@uthopp/storage/database'
import type { Position } from '@uthopp/server-kit/change-stream'
import type { Revocation, Revoked, RevocationLog } from '#src/revocations/revocations.ts'
import { createRevocationLog, recordRevocations } from '#src/revocations/sql-revocations.ts'
import { createClientStore } from '#src/storage/sql-clients.ts'
import { createLaunchStore } from '#src/storage/sql-launches.ts'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { migrations } from '#src/storage/migrations.ts'
import { sweepExpired } from '#src/storage/sweep.ts'
import { aLaunch, authorizedOf, later, NOW, OTHER_TENANT, TENANT } from '#test/storage/builders.ts'
import { GRANTS_A_WRITER } from './contenders/grants-a-writer.ts'

const grant = (id: string): Revoked => ({ kind: 'grant', id })
const record = (db: Database, revoked: readonly Revoked[], now = NOW, tenant = TENANT) =>
  db.transaction((inside) => recordRevocations(inside, tenant, revoked, now))

/** Everything from a position on, and where it ends. */
async function readOn(log: RevocationLog, from?: Position): Promise<{ found: Revocation[]; position: Position }> {
  const found: Revocation[] = []
  let position = from ?? (await log.start())
  for (;;) {
    const page = await log.readAfter(position)
    found.push(...page.revocations)
    position = page.position
    if (!page.full) return { found, position }
  }
}
const idsOf = (found: readonly Revocation[]) => found.map(({ kind, id }) => `${kind} ${id}`)

describe('the revocation log', () => {
  onEachEngine(migrations, ({ open, newPlace, shared }) => {
    test('tells what died in the order it was committed, and from a position on only what came after', async () => {
      const db = await open()
      const log = createRevocationLog(db, TENANT)
      assert.deepEqual((await readOn(log)).found, [])
      await record(db, [grant('a'), { kind: 'launch', id: 'l' }])
      const first = await readOn(log)
      assert.deepEqual(idsOf(first.found), ['grant a', 'launch l'])
      assert.deepEqual(first.found[0]?.at, NOW)
      await record(db, [grant('b')])
      assert.deepEqual(idsOf((await readOn(log, first.position)).found), ['grant b'])
    })

    test('a page ends where the next begins', async () => {
      const db = await open()
      await record(
        db,
        Array.from({ length: 1100 }, (_, index) => grant(`g${index}`)),
      )
      const { found } = await readOn(createRevocationLog(db, TENANT))
      assert.equal(new Set(idsOf(found)).size, 1100)
    })

    test('what dies again stands once, at the end, with the later moment', async () => {
      const db = await open()
      const log = createRevocationLog(db, TENANT)
      const gone: Revoked = { kind: 'client', id: 'app' }
      await record(db, [gone])
      const { position } = await readOn(log)
      await record(db, [grant('a')])
      await record(db, [gone], later(60))
      const { found } = await readOn(log, position)
      assert.deepEqual(idsOf(found), ['grant a', 'client app'])
      assert.deepEqual(found[1]?.at, later(60))
      assert.equal((await readOn(log)).found.length, 2)
    })

    test('what was not committed did not happen', async () => {
      const db = await open()
      const failing = db.transaction(async (inside) => {
        await recordRevocations(inside, TENANT, [grant('a')], NOW)
        throw new Error('undone')
      })
      await assert.rejects(failing)
      await record(db, [grant('b')])
      assert.deepEqual(idsOf((await readOn(createRevocationLog(db, TENANT))).found), ['grant b'])
    })

    test('one trust’s dead are nothing to another', async () => {
      const db = await open()
      await record(db, [grant('a')], NOW, OTHER_TENANT)
      assert.deepEqual((await readOn(createRevocationLog(db, TENANT))).found, [])
    })

    test('a position is known again, and one of another log, or ahead of this one, is not', async () => {
      const db = await open()
      const log = createRevocationLog(db, TENANT)
      await record(db, [grant('a')])
      const { position } = await readOn(log)
      assert.deepEqual(await log.resume(position), position)
      assert.equal(await log.resume({ ...position, sequence: position.sequence + 1 }), undefined)
      assert.equal(await log.resume({ ...position, epoch: 'another' }), undefined)
      assert.equal(await createRevocationLog(db, OTHER_TENANT).resume(position), undefined)
    })

    test('is kept for longer than any token it is about, then swept', async () => {
      const db = await open()
      const log = createRevocationLog(db, TENANT)
      await record(db, [grant('a')])
      await sweepExpired(db, later(300 + 60))
      assert.equal((await readOn(log)).found.length, 1)
      await sweepExpired(db, later(601))
      const { found, position } = await readOn(log)
      assert.deepEqual(found, [])
      await record(db, [grant('b')], later(601))
      assert.deepEqual(idsOf((await readOn(log, position)).found), ['grant b'])
    })

    test('ending a launch, killing a grant and removing a client are each told by the one who does it', async () => {
      const db = await open()
      const launches = createLaunchStore(db, TENANT)
      const launch = aLaunch('a', { bound: false })
      const { launchId } = launch.ticket
      await launches.offer(launch)
      const redeemed = { handleHash: launch.handleHash, proofHash: undefined, clientId: 'pacs-viewer', now: NOW }
      assert.ok(await launches.redeem(redeemed))
      const authorized = authorizedOf(launch.ticket, 'grant-1')
      assert.ok(await launches.authorize({ launchId, authorized, keepUntil: later(900), now: NOW }))
      await launches.end('host', { kind: 'session', session: 'session-1' }, NOW)
      await createOidcRows(db, TENANT).destroyByGrant('grant-2', NOW)
      await createClientStore(db, TENANT).remove('app', NOW)
      assert.deepEqual(idsOf((await readOn(createRevocationLog(db, TENANT))).found), [
        `launch ${launchId}`,
        'grant grant-1',
        'grant grant-2',
        'client app',
      ])
      await launches.end('host', { kind: 'session', session: 'session-1' }, NOW)
      assert.equal((await readOn(createRevocationLog(db, TENANT))).found.length, 4)
    })

    // Memory belongs to one process.
    const severalProcesses = shared ? test : () => undefined

    void severalProcesses('while several processes write at once a reader misses nothing', async () => {
      const place = newPlace()
      const log = createRevocationLog(await open(place), TENANT)
      const script = new URL('./contenders/record.ts', import.meta.url)
      let writing = true
      const writers = raceAcrossProcesses({ script, place, count: 3 }).finally(() => {
        writing = false
      })
      const found: Revocation[] = []
      let position = await log.start()
      for (;;) {
        const last = !writing
        const page = await readOn(log, position)
        found.push(...page.found)
        position = page.position
        if (last) break
        await new Promise((later) => setTimeout(later, 5))
      }
      const written = (await writers).flat()
      assert.equal(written.length, 3 * GRANTS_A_WRITER)
      assert.deepEqual(idsOf(found).toSorted(), written.map((id) => `grant ${String(id)}`).toSorted())
    })
  })
})
