import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { raceAcrossProcesses } from '@uthopp/storage/race'
import { secretHash } from '#src/launch/secrets.ts'
import type { LaunchStore, OfferedLaunch } from '#src/storage/launches.ts'
import { migrations } from '#src/storage/migrations.ts'
import { createLaunchStore } from '#src/storage/sql-launches.ts'
import { createOidcRows } from '#src/storage/sql-oidc-rows.ts'
import { aLaunch, authorizedOf, later, NOW, OTHER_PATIENT, OTHER_TENANT, TENANT } from './builders.ts'

const proofHash = secretHash('proof')
const handleHash = (name: string) => secretHash(`handle-${name}`)

async function checked(
  store: LaunchStore,
  name: string,
  changes: Parameters<typeof aLaunch>[1] = {},
): Promise<OfferedLaunch> {
  const launch = aLaunch(name, changes)
  await store.offer(launch)
  assert.ok(await store.start({ startHash: secretHash(`start-${name}`), proofHash, sealedHandle: 'sealed', now: NOW }))
  assert.ok(await store.check({ launchId: launch.ticket.launchId, proofHash, now: NOW }))
  return launch
}

const redeem = (store: LaunchStore, name: string, changes: Partial<Parameters<LaunchStore['redeem']>[0]> = {}) =>
  store.redeem({ handleHash: handleHash(name), proofHash, clientId: 'pacs-viewer', now: NOW, ...changes })

describe('the launch store', () => {
  onEachEngine(migrations, ({ open, newPlace, engine }) => {
    test('of eight simultaneous redemptions exactly one succeeds', async () => {
      const store = createLaunchStore(await open(), TENANT)
      const { ticket } = await checked(store, 'a')
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => redeem(store, 'a')))
      assert.deepEqual(outcomes.filter(Boolean), [ticket])
    })

    // Memory belongs to one process.
    const severalProcesses = engine === 'SQLite in memory' ? () => undefined : test

    void severalProcesses('of redemptions in several processes exactly one succeeds', async () => {
      const place = newPlace()
      const store = createLaunchStore(await open(place), TENANT)
      await checked(store, 'a')
      const script = new URL('./contenders/redeem.ts', import.meta.url)
      const outcomes = await raceAcrossProcesses({ script, place, count: 4 })
      assert.equal(outcomes.filter((outcome) => outcome === true).length, 1)
    })

    test('a thief without the proof, with another proof or as another app is refused and spends nothing', async () => {
      const store = createLaunchStore(await open(), TENANT)
      await checked(store, 'a')
      assert.equal(await redeem(store, 'a', { proofHash: undefined }), undefined)
      assert.equal(await redeem(store, 'a', { proofHash: secretHash('another') }), undefined)
      assert.equal(await redeem(store, 'a', { proofHash: '' }), undefined)
      assert.equal(await redeem(store, 'a', { clientId: 'nutrition' }), undefined)
      assert.ok(await redeem(store, 'a'))
    })

    test('a bound launch that was never started or never checked cannot be redeemed, with or without a proof', async () => {
      const store = createLaunchStore(await open(), TENANT)
      const launch = aLaunch('a')
      await store.offer(launch)
      assert.equal(await redeem(store, 'a'), undefined)
      assert.equal(await redeem(store, 'a', { proofHash: undefined }), undefined)
      await store.start({ startHash: secretHash('start-a'), proofHash, sealedHandle: 'sealed', now: NOW })
      assert.equal(await redeem(store, 'a'), undefined)
    })

    test('an unbound launch needs no proof, and is still redeemed once', async () => {
      const store = createLaunchStore(await open(), TENANT)
      await store.offer(aLaunch('a', { bound: false }))
      assert.ok(await redeem(store, 'a', { proofHash: undefined }))
      assert.equal(await redeem(store, 'a', { proofHash: undefined }), undefined)
    })

    test('a redemption nothing came of is undone: once, then redeemed once, and never for another trust', async () => {
      const db = await open()
      const store = createLaunchStore(db, TENANT)
      await checked(store, 'a')
      const ticket = await redeem(store, 'a')
      assert.ok(ticket)
      assert.equal(await createLaunchStore(db, OTHER_TENANT).giveBack(ticket.launchId, NOW), false)
      assert.equal(await store.giveBack(ticket.launchId, later(300)), false, 'nor when it is over')
      const given = await Promise.all([1, 2, 3].map(() => store.giveBack(ticket.launchId, NOW)))
      assert.equal(given.filter(Boolean).length, 1)
      assert.equal(await redeem(store, 'a', { proofHash: secretHash('another') }), undefined)
      const again = await Promise.all([1, 2, 3].map(() => redeem(store, 'a')))
      assert.equal(again.filter(Boolean).length, 1)
    })

    test('a redemption that something came of, or whose launch has ended, is not undone', async () => {
      const store = createLaunchStore(await open(), TENANT)
      for (const name of ['authorized', 'ended']) {
        await checked(store, name)
        const ticket = await redeem(store, name)
        assert.ok(ticket)
        if (name === 'ended') await store.end('host', { kind: 'session', session: ticket.intent.session }, NOW)
        else {
          const authorized = authorizedOf(ticket, 'grant-1')
          await store.authorize({ launchId: ticket.launchId, authorized, keepUntil: later(300), now: NOW })
        }
        assert.equal(await store.giveBack(ticket.launchId, NOW), false, name)
        assert.equal(await redeem(store, name), undefined)
      }
    })

    test('a handle of one trust is unknown at the other', async () => {
      const db = await open()
      await checked(createLaunchStore(db, TENANT), 'a')
      const other = createLaunchStore(db, OTHER_TENANT)
      assert.equal(await other.findByHandle(handleHash('a'), NOW), undefined)
      assert.equal(await redeem(other, 'a'), undefined)
    })

    test('the start address is spent once and dies after its time, the handle after its own', async () => {
      const store = createLaunchStore(await open(), TENANT)
      await store.offer(aLaunch('late'))
      const startHash = secretHash('start-late')
      assert.equal(await store.findStart(startHash, later(60)), undefined)
      assert.equal(await store.start({ startHash, proofHash, sealedHandle: 's', now: later(60) }), false)
      await store.offer(aLaunch('a'))
      const attempt = () =>
        store.start({ startHash: secretHash('start-a'), proofHash, sealedHandle: 's', now: later(59) })
      const outcomes = await Promise.all([attempt(), attempt(), attempt()])
      assert.equal(outcomes.filter(Boolean).length, 1)
      await checked(store, 'b')
      assert.equal(await redeem(store, 'b', { now: later(300) }), undefined)
    })

    test('the check hop hands the sealed handle over once, to the browser with the proof', async () => {
      const store = createLaunchStore(await open(), TENANT)
      const { ticket } = aLaunch('a')
      await store.offer({ ...aLaunch('a'), ticket })
      await store.start({ startHash: secretHash('start-a'), proofHash, sealedHandle: 'sealed', now: NOW })
      const { launchId } = ticket
      assert.equal(await store.check({ launchId, proofHash: secretHash('another'), now: NOW }), undefined)
      const outcomes = await Promise.all([1, 2, 3].map(() => store.check({ launchId, proofHash, now: NOW })))
      assert.deepEqual(outcomes.filter(Boolean), [
        { sealedHandle: 'sealed', launchUri: 'http://localhost:4101/launch.html', clientId: 'pacs-viewer' },
      ])
    })

    test('ending a session, a tab or a launch kills what is unredeemed and everything issued', async () => {
      const db = await open()
      const store = createLaunchStore(db, TENANT)
      const rows = createOidcRows(db, TENANT)
      for (const [name, scope] of [
        ['s', { kind: 'session', session: 'session-s' }],
        ['w', { kind: 'workspace', workspace: 'tab-w' }],
      ] as const) {
        const { ticket } = await checked(store, name, { session: `session-${name}`, workspace: `tab-${name}` })
        await redeem(store, name)
        const grantId = `grant-${name}`
        for (const model of ['Grant', 'RefreshToken', 'AuthorizationCode'])
          await rows.put({
            model,
            id: model === 'Grant' ? grantId : `${model}-${name}`,
            payload: {},
            grantId,
            uid: undefined,
            expiresAt: later(600),
          })
        assert.ok(
          await store.authorize({
            launchId: ticket.launchId,
            authorized: authorizedOf(ticket, grantId),
            keepUntil: later(600),
            now: NOW,
          }),
        )
        await checked(store, `${name}-unredeemed`, { session: `session-${name}`, workspace: `tab-${name}` })
        assert.equal((await store.end('launcher', scope, NOW)).length, 0, 'another host ends nothing')
        assert.equal((await store.end('host', scope, NOW)).length, 2)
        assert.equal(await rows.find('Grant', grantId), undefined)
        assert.equal(await rows.find('RefreshToken', `RefreshToken-${name}`), undefined)
        assert.equal(await rows.find('AuthorizationCode', `AuthorizationCode-${name}`), undefined)
        assert.equal(await redeem(store, `${name}-unredeemed`), undefined)
      }
      await checked(store, 'h')
      assert.equal((await store.end('host', { kind: 'launch', handleHash: handleHash('h') }, NOW)).length, 1)
      assert.equal(await redeem(store, 'h'), undefined)
    })

    test('an offer ends what its tab had open for other patients, whole with what is told of it, or not at all', async () => {
      const store = createLaunchStore(await open(), TENANT)
      const { ticket } = await checked(store, 'a', { workspace: 'tab' })
      await checked(store, 'no-patient', { workspace: 'tab', patient: null })
      const next = (name: string) => aLaunch(name, { workspace: 'tab', patient: OTHER_PATIENT })
      await assert.rejects(() => store.offer(next('untold'), () => Promise.reject(new Error('the log is away'))))
      assert.equal(await store.findByHandle(handleHash('untold'), NOW), undefined)
      const told: string[] = []
      const ended = await store.offer(next('b'), async (_inside, launches) => {
        for (const { launchId } of launches) told.push(launchId)
      })
      assert.deepEqual([ended.map(({ launchId }) => launchId), told], [[ticket.launchId], [ticket.launchId]])
      assert.equal(await redeem(store, 'a'), undefined)
      assert.ok(await redeem(store, 'no-patient'))
      assert.deepEqual(await store.offer(next('c')), [], 'the same patient again ends nothing')
    })

    test('a launch that ended while it was being decided gets no grant', async () => {
      const store = createLaunchStore(await open(), TENANT)
      const { ticket } = await checked(store, 'a')
      await redeem(store, 'a')
      await store.end('host', { kind: 'session', session: 'session-1' }, NOW)
      const authorized = authorizedOf(ticket, 'grant-a')
      assert.equal(
        await store.authorize({ launchId: ticket.launchId, authorized, keepUntil: later(600), now: NOW }),
        false,
      )
      assert.equal(await store.findByGrant('grant-a'), undefined)
    })

    test('one launch gets one grant, and its context is found by it alone', async () => {
      const db = await open()
      const store = createLaunchStore(db, TENANT)
      const { ticket } = await checked(store, 'a')
      await redeem(store, 'a')
      const tie = (grantId: string) =>
        store.authorize({
          launchId: ticket.launchId,
          authorized: authorizedOf(ticket, grantId),
          keepUntil: later(600),
          now: NOW,
        })
      assert.equal(await tie('grant-1'), true)
      assert.equal(await tie('grant-2'), false)
      assert.deepEqual(await store.findByGrant('grant-1'), authorizedOf(ticket, 'grant-1'))
      assert.equal(await createLaunchStore(db, OTHER_TENANT).findByGrant('grant-1'), undefined)
    })
  })
})
