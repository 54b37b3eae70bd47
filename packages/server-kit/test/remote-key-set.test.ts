import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'
import { generateSigningKey, publicJwks, type SigningKey } from '#src/keys.ts'
import { remoteKeySet } from '#src/remote-key-set.ts'
import { serve } from '#test/builders.ts'

const [kept, withdrawn] = await Promise.all([generateSigningKey('ES256'), generateSigningKey('ES256')])
let published: readonly SigningKey[]
let asked: number

beforeEach(() => {
  mock.timers.enable({ apis: ['Date'], now: new Date('2030-01-01T00:00:00Z') })
  published = [kept, withdrawn]
  asked = 0
})
afterEach(() => mock.timers.reset())

async function openKeys() {
  const address = await serve((_req, res) => {
    asked += 1
    res.setHeader('content-type', 'application/json').end(JSON.stringify(publicJwks(published)))
  })
  const keys = remoteKeySet(`${address}/jwks`)
  return async ({ kid }: SigningKey) => keys({ alg: 'ES256', kid }, { payload: '', signature: '' })
}

test('keys are kept for as long as their issuer lets anybody keep them, and not asked for meanwhile', async () => {
  const find = await openKeys()
  await find(kept)
  mock.timers.tick(299_000)
  await find(withdrawn)
  assert.equal(asked, 1)
})

test('a key that its issuer has withdrawn is known for no longer than that', async () => {
  const find = await openKeys()
  await find(withdrawn)
  published = [kept]
  mock.timers.tick(301_000)
  await assert.rejects(find(withdrawn), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
  await find(kept)
})

test('a key that was published a moment ago is found, though not by asking all the time', async () => {
  published = [kept]
  const find = await openKeys()
  await find(kept)
  published = [kept, withdrawn]
  mock.timers.tick(2001)
  await find(withdrawn)
  assert.equal(asked, 2)
  const stranger = await generateSigningKey('ES256')
  await assert.rejects(find(stranger), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
  assert.equal(asked, 2)
})
