import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Database } from '@uthopp/storage/database'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { newTrace } from '@uthopp/server-kit/trace'
import { sql } from '@uthopp/storage/sql'
import { tenantOf } from '@uthopp/storage/tenant'
import { SESSION_MIGRATIONS } from '#src/session/migrations.ts'
import { createSessionStore, IDLE_MS, LONGEST_MS, type Session } from '#src/session/session-store.ts'

const OUS = tenantOf('993467049')
const AHUS = tenantOf('983971636')
const NOW = new Date('2030-01-01T08:00:00Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)
const trace = newTrace()
const at = (now: Date) => ({ now, trace })

const silently = () => Promise.resolve()
const inVain = () => Promise.reject(new Error('nothing can be written down'))

const writtenDown = (db: Database): Promise<readonly object[]> =>
  db.all(sql`select scope, value, traceparent from host_launch_ending where tenant = ${OUS} order by value`)

onEachEngine(SESSION_MIGRATIONS, ({ engine, open }) => {
  test(`of two simultaneous sign-outs exactly one ends the session (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const secret = await sessions.start('stf101', 'agb101', NOW, silently)
    const ended = await Promise.all([1, 2, 3].map(() => sessions.end(secret, at(NOW), silently)))
    assert.equal(ended.flat().length, 1)
    assert.equal(await sessions.find(secret, NOW), undefined)
  })

  test(`two sign-ins of one person are two sessions (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const [one, two] = [
      await sessions.start('stf101', null, NOW, silently),
      await sessions.start('stf101', null, NOW, silently),
    ]
    assert.notEqual(one, two)
    assert.notEqual((await sessions.find(one, NOW))?.ref, (await sessions.find(two, NOW))?.ref)
  })

  test(`a session is unknown at another trust (${engine})`, async () => {
    const db = await open()
    const secret = await createSessionStore(db, OUS).start('stf101', 'agb101', NOW, silently)
    assert.equal(await createSessionStore(db, AHUS).find(secret, NOW), undefined)
    assert.deepEqual(await createSessionStore(db, AHUS).end(secret, at(NOW), silently), [])
    assert.equal((await createSessionStore(db, OUS).find(secret, NOW))?.user, 'stf101')
  })

  test(`use keeps a session alive, but not past its longest life (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const secret = await sessions.start('stf101', 'agb101', NOW, silently)
    for (let at = 0; at < LONGEST_MS; at += IDLE_MS / 2) assert.ok(await sessions.find(secret, later(at)))
    assert.equal(await sessions.find(secret, later(LONGEST_MS)), undefined)
  })

  test(`a new role is a new name, and the old one is gone (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const secret = await sessions.start('stf102', 'agb102', NOW, silently)
    const before = await sessions.find(secret, NOW)
    const changed = await sessions.chooseRole(secret, 'agb112', at(NOW), silently)
    assert.equal(changed?.session.role, 'agb112')
    assert.notEqual(changed.session.ref, before?.ref)
    assert.deepEqual(changed.ended, [{ scope: 'session', value: before?.ref }])
    assert.deepEqual(await sessions.find(secret, NOW), changed.session)
  })

  test(`of two roles chosen at once, each ends what went before it (${engine})`, async () => {
    const db = await open()
    const sessions = createSessionStore(db, OUS)
    const secret = await sessions.start('stf102', 'agb102', NOW, silently)
    const first = (await sessions.find(secret, NOW))?.ref
    const chosen = await Promise.all(
      ['agb112', 'agb102'].map((role) => sessions.chooseRole(secret, role, at(NOW), silently)),
    )
    const last = (await sessions.find(secret, NOW))?.ref
    const refs = new Set([first, ...chosen.map((choice) => choice?.session.ref)])
    refs.delete(last)
    assert.deepEqual(new Set(chosen.flatMap((choice) => choice?.ended.map(({ value }) => value))), refs)
    assert.equal((await writtenDown(db)).length, 2)
  })

  test(`no role is chosen in a session that is over (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const secret = await sessions.start('stf102', null, NOW, silently)
    assert.equal(await sessions.chooseRole(secret, 'agb112', at(later(IDLE_MS)), silently), undefined)
  })

  test(`an ending is written down by the time its session is gone, with the trace of what ended it (${engine})`, async () => {
    const db = await open()
    const sessions = createSessionStore(db, OUS)
    const secret = await sessions.start('stf101', 'agb101', NOW, silently)
    const ref = (await sessions.find(secret, NOW))?.ref
    await sessions.end(secret, at(NOW), silently)
    assert.deepEqual(await writtenDown(db), [{ scope: 'session', value: ref, traceparent: trace.traceparent }])
  })

  test(`a session goes on when its ending cannot be written down (${engine})`, async () => {
    const db = await open()
    const sessions = createSessionStore(db, OUS)
    const secret = await sessions.start('stf101', 'agb101', NOW, silently)
    const before = await sessions.find(secret, NOW)
    await db.acrossTenants.run(sql`alter table host_launch_ending rename to elsewhere`)
    await assert.rejects(sessions.end(secret, at(NOW), silently))
    await assert.rejects(sessions.chooseRole(secret, 'agb112', at(NOW), silently))
    await assert.rejects(sessions.sweep(at(later(LONGEST_MS))))
    assert.deepEqual(await sessions.find(secret, NOW), before)
  })

  test(`what is done along with a change is told the session it made or ended, once (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const told: (string | null)[] = []
    const tell = (_: Database, { user, role }: Session) => {
      told.push(user, role)
      return Promise.resolve()
    }
    const secret = await sessions.start('stf102', null, NOW, tell)
    await sessions.chooseRole(secret, 'agb112', at(NOW), tell)
    await Promise.all([1, 2].map(() => sessions.end(secret, at(NOW), tell)))
    assert.deepEqual(told, ['stf102', null, 'stf102', 'agb112', 'stf102', 'agb112'])
  })

  test(`no session begins, changes its role or ends when that cannot be written down (${engine})`, async () => {
    const db = await open()
    const sessions = createSessionStore(db, OUS)
    const secret = await sessions.start('stf102', 'agb102', NOW, silently)
    const kept = async () => ({
      sessions: await db.all(sql`select ref, user_id, role_id from host_session where tenant = ${OUS}`),
      endings: await writtenDown(db),
    })
    const before = await kept()
    await assert.rejects(sessions.start('stf101', 'agb101', NOW, inVain))
    await assert.rejects(sessions.chooseRole(secret, 'agb112', at(NOW), inVain))
    await assert.rejects(sessions.end(secret, at(NOW), inVain))
    assert.deepEqual(await kept(), before)
  })

  test(`sweeping ends what is idle or outlived, once, and spares what was used just before (${engine})`, async () => {
    const db = await open()
    const sessions = createSessionStore(db, OUS)
    const idle = await sessions.start('stf101', 'agb101', NOW, silently)
    const idleRef = (await sessions.find(idle, NOW))?.ref
    const used = await sessions.start('stf102', 'agb102', NOW, silently)
    await sessions.start('stf103', null, NOW, silently)
    assert.ok(await sessions.find(used, later(IDLE_MS - 1)))
    const swept = await Promise.all([sessions.sweep(at(later(IDLE_MS))), sessions.sweep(at(later(IDLE_MS)))])
    assert.deepEqual(swept.flat(), [{ scope: 'session', value: idleRef }], 'and nothing for who had no role yet')
    assert.equal(await sessions.find(idle, NOW), undefined)
    assert.ok(await sessions.find(used, later(IDLE_MS)))
  })

  test(`a session is used or swept, never both (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    for (let round = 0; round < 20; round += 1) {
      const secret = await sessions.start('stf101', 'agb101', NOW, silently)
      const [found, swept] = await Promise.all([
        sessions.find(secret, later(IDLE_MS - 1)),
        sessions.sweep(at(later(IDLE_MS))),
      ])
      assert.equal(found === undefined, swept.length === 1)
      await sessions.end(secret, at(NOW), silently)
    }
  })
})
