import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { decodeProtectedHeader, decodeJwt } from 'jose'
import { launch, refresh } from '#test/support/launch.ts'
import { json, startWorld, type World } from '#test/support/world.ts'
import { OUS } from '#test/support/stub-host.ts'

describe('a launch from the host', () => {
  let world: World
  before(async () => {
    world = await startWorld()
  })
  after(() => world.close())

  test('ends in tokens for exactly the person, patient and app the host named', async () => {
    const { tokens, redirect, request } = await launch(world)
    assert.equal(redirect.searchParams.get('state'), request.state)
      tokens,
      decodeJwt(String(tokens['access_token'])),
      decodeJwt(String(tokens['id_token'])),
      decodeProtectedHeader(String(tokens['access_token'])),
    )
    assert.equal(tokens['patient'], 'cdp1001')
    assert.equal(tokens['tenant'], OUS)
    const again = await refresh(world, tokens['refresh_token'])
    assert.equal(again.status, 200)
  })
})
