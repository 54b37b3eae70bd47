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
import { callApi, json, startWorld, type World } from '#test/support/world.ts'

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
