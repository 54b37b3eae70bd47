import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { Browser } from '#test/support/browser.ts'
import { exchange, launch, refresh } from '#test/support/launch.ts'
import { standalone, throughPages } from '#test/support/standalone.ts'
import { json, startWorld, type World } from '#test/support/world.ts'

describe('renewing access', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())
  afterEach(() => {
    world.host.left.clear()
    world.host.down.value = false
  })

  const launchAlone = async (username: string) => {
    const request = standalone(world)
    const redirect = await throughPages(new Browser(), request.url, { username })
    return json(await exchange(world, request, redirect.searchParams.get('code') ?? ''))
  }
  const dies = async (tokens: Readonly<Record<string, unknown>>) => {
    const { refresh_token: token } = tokens
    const refused = await refresh(world, token)
    assert.deepEqual([refused.status, (await json(refused))['error']], [400, 'invalid_grant'])
    world.host.left.clear()
    assert.equal(
      (await json(await refresh(world, token)))['error'],
      'invalid_grant',
      'whoever comes back launches anew',
    )
    const bearer = { authorization: `Bearer ${String(tokens['access_token'])}` }
    const form = new URLSearchParams({ token: String(tokens['access_token']) })
    const asked = await fetch(`${world.issuer()}/introspect`, { method: 'POST', headers: bearer, body: form })
    assert.equal(asked.status, 401, 'the access token died with the grant')
  }

  test('goes on for whoever still is here in the role of the launch, staff and citizens', async () => {
    assert.equal((await refresh(world, (await launch(world)).tokens['refresh_token'])).status, 200)
    for (const username of ['stf101', 'cdp1005'])
      assert.equal((await refresh(world, (await launchAlone(username))['refresh_token'])).status, 200, username)
  })

  test('ends the launch of somebody who has left, and of a citizen whom nobody knows any more', async () => {
    const { tokens } = await launch(world)
    world.host.left.add('stf101')
    await dies(tokens)
    const citizen = await launchAlone('cdp1005')
    world.host.left.add('cdp1005')
    await dies(citizen)
  })

  test('ends the launch of somebody who no longer has the role it was made in, other roles or not', async () => {
    const { tokens } = await launch(world, new Browser(), { user: 'stf102', role: 'agb102' })
    world.host.left.add('agb103')
    const renewed = await json(await refresh(world, tokens['refresh_token']))
    assert.ok(renewed['access_token'], 'another role is another matter')
    world.host.left.add('agb102')
    await dies(renewed)
  })

  test('waits while the host does not answer: 503, and the refresh token is still good after', async () => {
    const { tokens } = await launch(world)
    world.host.down.value = true
    for (let time = 0; time < 2; time += 1) {
      const refused = await refresh(world, tokens['refresh_token'])
      assert.deepEqual([refused.status, (await json(refused))['error']], [503, 'temporarily_unavailable'])
      assert.equal(refused.headers.get('cache-control'), 'no-store')
    }
    world.host.down.value = false
    assert.equal((await refresh(world, tokens['refresh_token'])).status, 200)
  })
})
