import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { sql } from '@uthopp/storage/sql'
import { tenantOf } from '@uthopp/storage/tenant'
import { verifyChain } from '@uthopp/audit/verify'
import { Browser } from '#test/support/browser.ts'
import { INTENT, launch, refresh } from '#test/support/launch.ts'
import { openPage, standalone, submit } from '#test/support/standalone.ts'
import { OUS } from '#test/support/stub-host.ts'
import { callApi, hostToken, postForm, startWorld, type World } from '#test/support/world.ts'
import { logged } from './support.ts'

let world: World
before(async () => {
  world = await startWorld()
})
after(() => world.close())

describe('the access log of a launch', () => {
  test('tells it from offer to end, with person, patient and purpose, and as ids only', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'story', purpose: 'TREAT', decision: 'dec-7' })
    await refresh(world, String(tokens['refresh_token']))
    await postForm(
      `${world.issuer()}/introspect`,
      { token: String(tokens['access_token']) },
      {
        authorization: `Bearer ${String(tokens['access_token'])}`,
      },
    )
    await postForm(`${world.issuer()}/revoke`, { token: String(tokens['access_token']), client_id: 'pacs-viewer' })
    await callApi(world, '/launches/end', { session: 'story' })
    const records = await logged(world, (all) => all.some(({ activity }) => activity === 'launch-ended'))
    const told = new Set(records.map(({ activity }) => activity))
    for (const activity of [
      'launch-offered',
      'launch-started',
      'launch-redeemed',
      'scope-decided',
      'token-issued',
      'token-refreshed',
      'token-introspected',
      'token-revoked',
      'launch-ended',
    ] as const)
      assert.ok(told.has(activity), activity)
    const issued = records.find(({ activity, clientId }) => activity === 'token-issued' && clientId === 'pacs-viewer')
    assert.deepEqual(issued?.actor, { kind: 'clinician', id: 'stf101', role: 'agb101' })
    assert.deepEqual([issued?.patient, issued?.purpose, issued?.decision?.id], ['cdp1001', 'TREAT', 'dec-7'])
    assert.ok(issued?.grantId)
    const launches = new Set(records.flatMap(({ launchId }) => launchId ?? []))
    assert.equal(launches.size, 1, 'one launch, one name')
    assert.doesNotMatch(JSON.stringify(records), new RegExp(`${String(tokens['access_token']).slice(0, 40)}|Name of`))
    assert.equal((await verifyChain(world.db, tenantOf(OUS))).fault, undefined)
  })

  test('tells refusals as what they were: of a stranger’s launch, of a code that is none, of a wrong password', async () => {
    const code = { grant_type: 'authorization_code', code: 'x', client_id: 'pacs-viewer' }
    const browser = new Browser()
    const { address } = await openPage(browser, standalone(world).url)
    const answers = [
      await fetch(`${world.issuer()}/launches`, { method: 'POST', body: '{}' }),
      await postForm(`${world.issuer()}/token`, code),
      await submit(browser, address, { username: 'stf101', password: 'not the password' }),
    ]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [401, 400, 403],
    )
    const ids = answers.map(({ headers }) => headers.get('x-correlation-id') ?? '')
    const records = await logged(world, (all) =>
      ids.every((id) => all.some(({ correlationId }) => correlationId === id)),
    )
    assert.deepEqual(
      ids.map((id) => {
        const told = records.filter(({ correlationId }) => correlationId === id)
        return told.map(({ activity, outcome, actor }) => [activity, outcome, actor.kind])
      }),
      [
        [['launch-refused', 'refused', 'system']],
        [['token-refused', 'refused', 'client']],
        [['login-refused', 'refused', 'client']],
      ],
    )
    assert.doesNotMatch(JSON.stringify(records), /not the password/)
  })

  test('stands before anything is released: without it no launch is offered and no token leaves', async () => {
    const { tokens } = await launch(world, new Browser(), { session: 'no-log' })
    // With a token from before: whether it could get another one is a question of its own.
    const headers = { authorization: `Bearer ${await hostToken(world)}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ ...INTENT, session: 's' })
    const offering = () => fetch(`${world.issuer()}/launches`, { method: 'POST', headers, body })
    await world.db.acrossTenants.run(sql`alter table audit_outbox rename to audit_outbox_away`)
    try {
      const offered = await offering()
      assert.equal(offered.status, 500)
      assert.doesNotMatch(await offered.text(), /start_url|"launch"/)
      await assert.rejects(hostToken(world), 'which is an issuance too')
      const refreshed = await refresh(world, String(tokens['refresh_token']))
      assert.equal(refreshed.status, 500)
      assert.doesNotMatch(await refreshed.text(), /access_token/)
    } finally {
      await world.db.acrossTenants.run(sql`alter table audit_outbox_away rename to audit_outbox`)
    }
    assert.equal((await offering()).status, 201)
  })
})
