import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { createLog } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import { openPlace } from '@uthopp/storage/open'
import { sql } from '@uthopp/storage/sql'
import { createLaunchEvents } from '#src/launch/events.ts'
import { Browser } from '#test/support/browser.ts'
import { launch, refresh } from '#test/support/launch.ts'
import { OUS } from '#test/support/stub-host.ts'
import { callApi, json, startWorld, type World } from '#test/support/world.ts'

describe('the technical log of a deed', () => {
  let db: Database
  const lines: string[] = []
  before(async () => {
    db = await openPlace({ kind: 'memory' })
  })
  after(() => db.close())
  const aLog = () => {
    lines.length = 0
    return createLaunchEvents(createLog({ name: 'test', write: (line) => lines.push(line) }), OUS)
  }

  test('hears of it when it is done, of each thing once and in order', async () => {
    const events = aLog()
    const done = await events.deed((tell) =>
      db.transaction(async (inside) => {
        await tell(inside, 'launch-ended', { launchId: 'first' })
        await tell(inside, 'launch-ended', { launchId: 'second' })
        assert.deepEqual(lines, [], 'it may still be undone')
        return 7
      }),
    )
    assert.equal(done, 7)
    assert.deepEqual(
      lines.map((line) => (JSON.parse(line) as Record<string, unknown>)['launchId']), // a line is an object
      ['first', 'second'],
    )
  })

  test('hears nothing of what was undone, also where it is done again', async () => {
    const events = aLog()
    const attempt = (fails: boolean) => (tell: Parameters<Parameters<typeof events.deed>[0]>[0]) =>
      db.transaction(async (inside) => {
        await tell(inside, 'launch-ended', { launchId: fails ? 'undone' : 'done' })
        if (fails) throw new Error('the disk is full')
      })
    await assert.rejects(events.deed(attempt(true)))
    assert.deepEqual(lines, [])
    await events.deed((tell) => attempt(true)(tell).catch(() => attempt(false)(tell)))
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /"launchId":"done"/)
  })
})

describe('a deed that fails at its end', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  /** Lets the record be written, and fails behind it. */
  async function failingAtTheEnd<T>(work: () => Promise<T>): Promise<T> {
    await world.db.acrossTenants.run(
      sql`create trigger full before insert on revocation begin select raise(abort, 'full'); end`,
    )
    try {
      return await work()
    } finally {
      await world.db.acrossTenants.run(sql`drop trigger full`)
    }
  }

  test('stands in neither log, and nothing has ended', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'undone' })
    const answer = await failingAtTheEnd(() => callApi(world, '/launches/end', { session: 'undone' }))
    assert.equal(answer.status, 500)
    assert.ok(world.lines.every((line) => !line.includes('"event":"launch-ended"')))
    assert.equal((await refresh(world, tokens['refresh_token'])).status, 200)
    assert.equal((await json(await callApi(world, '/launches/end', { session: 'undone' })))['ended'], 1)
    assert.equal(world.lines.filter((line) => line.includes('"event":"launch-ended"')).length, 1)
  })
})
