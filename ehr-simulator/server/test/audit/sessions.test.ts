import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parseRecord } from '@uthopp/audit/wire'
import { isProblem } from '@uthopp/smart-core/problem'
import { sql } from '@uthopp/storage/sql'
import { startSurfaceWorld, type SurfaceWorld } from '#test/work-surface/surface-world.ts'

let world: SurfaceWorld
before(async () => {
  world = await startSurfaceWorld()
})
after(() => world.close())

async function written() {
  const rows = await world.database.acrossTenants.all<{ record: string }>(
    sql`select record from audit_outbox order by position`,
  )
  return rows.map(({ record }) => {
    const read = parseRecord(JSON.parse(record))
    if (isProblem(read)) throw new Error(read.reason)
    return read
  })
}

describe('the record of what people do in the host', () => {
  test('tells of signing in, changing role and signing out, each before it is answered', async () => {
    const screen = world.screen()
    await screen.signIn('fjell')
    await screen.post('session/role', { role: 'agb102' })
    await screen.post('session/end', {})
    const told = (await written()).map(({ activity, outcome, actor, source }) => [activity, outcome, actor, source])
    const [user] = (await written()).map(({ actor }) => actor.id)
    const fjell = (role: string | null) => ({ kind: 'clinician', id: user, role })
    assert.deepEqual(told, [
      ['login', 'ok', fjell(null), 'host'],
      ['role-changed', 'ok', fjell('agb102'), 'host'],
      ['logout', 'ok', fjell('agb102'), 'host'],
    ])
  })

  test('tells of a refused sign-in without the name that was tried', async () => {
    await world.screen().post('session', { username: 'nordmann', password: 'x' })
    const last = (await written()).at(-1)
    assert.deepEqual([last?.activity, last?.outcome, last?.detail], ['login-refused', 'refused', { code: 'refused' }])
    assert.equal(JSON.stringify(last).includes('nordmann'), false)
  })

  test('stands or falls with the deed: without it nobody is signed in, changes role or is signed out', async () => {
    const [fjell, nordmann, berg] = [world.screen(), world.screen(), world.home()]
    await fjell.signIn('fjell', 'agb102')
    const before = await kept()
    await withoutLog(async () => {
      const role = await fjell.post('session/role', { role: 'agb112' })
      const ended = await fjell.post('session/end', {})
      const [begun, atHome] = [await nordmann.signIn('nordmann'), await berg.signIn('berg')]
      assert.deepEqual([role.status, ended.status, begun.status, atHome.status], [500, 500, 500, 500])
      assert.deepEqual([nordmann.cookie, berg.cookie], ['', ''])
    })
    assert.deepEqual(await kept(), before, 'no session more or less, and no other role')
    assert.equal((await fjell.post('session/role', { role: 'agb112' })).status, 200, 'and with it they do')
    assert.notDeepEqual(await kept(), before)
  })
})

/** Who is signed in as what, and the endings that wait. */
const kept = async () => ({
  sessions: await world.database.acrossTenants.all(sql`select ref, user_id, role_id from host_session order by ref`),
  endings: await world.database.acrossTenants.all(sql`select scope, value from host_launch_ending order by value`),
})

/** Nothing can be written down meanwhile. */
async function withoutLog(deed: () => Promise<void>): Promise<void> {
  await world.database.acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
  try {
    await deed()
  } finally {
    await world.database.acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
  }
}
