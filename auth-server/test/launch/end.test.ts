import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import {
  authorize,
  authorizing,
  exchange,
  launch,
  locationOf,
  offer,
  refresh,
  start,
  submitStart,
} from '#test/support/launch.ts'
import { callApi, json, postForm, startWorld, type World } from '#test/support/world.ts'

describe('ending launches', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  const end = async (scope: Readonly<Record<string, string>>, as: 'host' | 'launcher' = 'host') => {
    const answer = await callApi(world, '/launches/end', scope, { as })
    assert.equal(answer.status, 200)
    return (await json(answer))['ended']
  }
  const refreshes = async (launched: Awaited<ReturnType<typeof launch>>) => {
    const answer = await refresh(world, launched.tokens['refresh_token'])
    const body = await json(answer)
    if (answer.status !== 200) assert.equal(body['error'], 'invalid_grant')
    return answer.status === 200 ? body['refresh_token'] : false
  }

  const isAlive = async ({ tokens }: Awaited<ReturnType<typeof launch>>) => {
    const token = String(tokens['access_token'])
    const headers = { authorization: `Bearer ${token}` }
    const answer = await postForm(`${world.issuer()}/introspect`, { token }, headers)
    return answer.status === 200 && (await json(answer))['active'] === true
  }

  test('by session ends every tab of it and no other session (SAL-185)', async () => {
    const mine = [
      await launch(world, new Browser(), { session: 's1', workspace: 'a' }),
      await launch(world, new Browser(), { session: 's1', workspace: 'b' }),
    ]
    const other = await launch(world, new Browser(), { session: 's2', workspace: 'c' })
    assert.equal(await end({ session: 's1' }), 2)
    for (const launched of mine) assert.equal(await refreshes(launched), false)
    assert.ok(await refreshes(other))
  })

  test('by workspace ends that tab only, offline access or not', async () => {
    const scope = 'launch offline_access patient/Patient.r'
    const tab = await launch(world, new Browser(), { session: 's3', workspace: 'd' }, { scope })
    const other = await launch(world, new Browser(), { session: 's3', workspace: 'e' }, { scope })
    assert.match(String(tab.tokens['scope']), /offline_access/)
    assert.equal(await end({ workspace: 'd' }), 1)
    assert.equal(await refreshes(tab), false)
    assert.ok(await refreshes(other))
  })

  test('happens when a tab is offered another patient, and only to that tab’s launches of others (contracts §3)', async () => {
    const scope = 'launch offline_access patient/Patient.r'
    const first = await launch(world, new Browser(), { workspace: 'switch', patient: 'cdp1001' }, { scope })
    const second = await launch(world, new Browser(), { workspace: 'switch', patient: 'cdp1001' }, { scope })
    const elsewhere = await launch(world, new Browser(), { workspace: 'other-tab', patient: 'cdp1001' }, { scope })
    const somebody = await launch(world, new Browser(), { session: 'else', workspace: 'switch' }, { scope })
    const unit = await launch(
      world,
      new Browser(),
      { workspace: 'switch', patient: undefined },
      { scope: 'launch online_access user/Encounter.rs' },
    )
    for (const launched of [first, second, unit]) assert.ok(await isAlive(launched))
    const unstarted = await offer(world, { workspace: 'switch', patient: 'cdp1001' })
    const next = await launch(world, new Browser(), { workspace: 'switch', patient: 'cdp1002' }, { scope })
    assert.equal((await submitStart(world, new Browser(), unstarted.startUrl)).status, 410)
    for (const launched of [first, second]) {
      assert.equal(await isAlive(launched), false)
      assert.equal(await refreshes(launched), false)
    }
    for (const launched of [elsewhere, somebody, unit, next]) assert.ok(await isAlive(launched))
    assert.ok(world.lines.some((line) => line.includes('"launch-ended"') && line.includes('patient-switch')))
  })

  test('does not happen to launches another host has in a tab of the same name', async () => {
    const theirs = await offer(world, { workspace: 'same-name', bound: false }, { as: 'launcher' })
    await offer(world, { workspace: 'same-name', patient: 'cdp1002' })
    const redirect = locationOf(await new Browser().navigate(authorizing(world, theirs.launch).url))
    assert.ok(redirect.searchParams.get('code'))
  })

  test('by launch ends that one', async () => {
    const one = await launch(world)
    const two = await launch(world)
    assert.equal(await end({ launch: one.offered.launch }), 1)
    assert.equal(await end({ launch: one.offered.launch }), 0)
    assert.equal(await refreshes(one), false)
    assert.ok(await refreshes(two))
  })

  test('kills a start address, a handle and a code that were not used yet', async () => {
    const unstarted = await offer(world, { session: 's4' })
    const browser = new Browser()
    const unredeemed = await offer(world, { session: 's4' })
    await start(world, browser, unredeemed)
    const coded = await authorize(world, new Browser(), { session: 's4' })
    assert.equal(await end({ session: 's4' }), 3)
    assert.equal((await submitStart(world, new Browser(), unstarted.startUrl)).status, 410)
    const answer = await browser.navigate(authorizing(world, unredeemed.launch).url)
    assert.equal(locationOf(answer).searchParams.get('error'), 'invalid_request')
    const exchanged = await exchange(world, coded.request, coded.redirect.searchParams.get('code') ?? '')
    assert.equal((await json(exchanged))['error'], 'invalid_grant')
  })

  test('is for the host that offered them', async () => {
    const launched = await launch(world, new Browser(), { session: 's5' })
    assert.equal(await end({ session: 's5' }, 'launcher'), 0)
    assert.ok(await refreshes(launched))
  })

  test('needs exactly one of the three, and names an unknown member', async () => {
    for (const [body, hint] of [
      [{}, /exactly one/],
      [{ session: 'a', workspace: 'b' }, /exactly one/],
      [{ session: 'a', user: 'b' }, /`user`/],
    ] as const) {
      const answer = await callApi(world, '/launches/end', body)
      assert.equal(answer.status, 400)
      assert.match(String((await json(answer))['error_description']), hint)
    }
  })
})
