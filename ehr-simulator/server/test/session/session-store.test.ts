import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { tenantOf } from '@uthopp/storage/tenant'
import { SESSION_MIGRATIONS } from '#src/session/migrations.ts'
import { createSessionStore, IDLE_MS, LONGEST_MS } from '#src/session/session-store.ts'

const OUS = tenantOf('993467049')
const AHUS = tenantOf('983971636')
const NOW = new Date('2030-01-01T08:00:00Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)

onEachEngine(SESSION_MIGRATIONS, ({ engine, open }) => {
  test(`of two simultaneous sign-outs exactly one ends the session (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const secret = await sessions.start('stf101', 'agb101', NOW)
    const ended = await Promise.all([sessions.end(secret), sessions.end(secret), sessions.end(secret)])
    assert.equal(ended.filter((session) => session !== undefined).length, 1)
    assert.equal(await sessions.find(secret, NOW), undefined)
  })

  test(`two sign-ins of one person are two sessions (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const [one, two] = [await sessions.start('stf101', null, NOW), await sessions.start('stf101', null, NOW)]
    assert.notEqual(one, two)
    assert.notEqual((await sessions.find(one, NOW))?.ref, (await sessions.find(two, NOW))?.ref)
  })

  test(`a session is unknown at another trust (${engine})`, async () => {
    const db = await open()
    const secret = await createSessionStore(db, OUS).start('stf101', 'agb101', NOW)
    assert.equal(await createSessionStore(db, AHUS).find(secret, NOW), undefined)
    assert.equal(await createSessionStore(db, AHUS).end(secret), undefined)
    assert.equal((await createSessionStore(db, OUS).find(secret, NOW))?.user, 'stf101')
  })

  test(`use keeps a session alive, but not past its longest life (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const secret = await sessions.start('stf101', 'agb101', NOW)
    for (let at = 0; at < LONGEST_MS; at += IDLE_MS / 2) assert.ok(await sessions.find(secret, later(at)))
    assert.equal(await sessions.find(secret, later(LONGEST_MS)), undefined)
  })

  test(`a new role is a new name, and the old one is gone (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const secret = await sessions.start('stf102', 'agb102', NOW)
    const before = await sessions.find(secret, NOW)
    const after = await sessions.chooseRole(secret, 'agb112', NOW)
    assert.equal(after?.role, 'agb112')
    assert.notEqual(after?.ref, before?.ref)
    assert.deepEqual(await sessions.find(secret, NOW), after)
  })

  test(`sweeping takes what is over and nothing else (${engine})`, async () => {
    const sessions = createSessionStore(await open(), OUS)
    const left = await sessions.start('stf101', null, NOW)
    const used = await sessions.start('stf102', null, later(IDLE_MS))
    await sessions.sweep(later(IDLE_MS))
    assert.equal(await sessions.end(left), undefined)
    assert.notEqual(await sessions.end(used), undefined)
  })
})
