import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { generateSigningKey, importSigningKey, publicJwks } from '#src/keys.ts'

describe('signing keys', () => {
  for (const alg of ['ES256', 'RS256'] as const) {
    test(`${alg}: what is published holds nothing private`, async () => {
      const key = await generateSigningKey(alg)
      const [published] = publicJwks([key]).keys
      assert.equal(published?.kid, key.kid)
      assert.equal(published?.use, 'sig')
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi']) assert.ok(!(secret in (published ?? {})), secret)
    })

    test(`${alg}: a stored key comes back as the same key`, async () => {
      const key = await generateSigningKey(alg)
      const again = await importSigningKey(JSON.parse(JSON.stringify(key.privateJwk)))
      assert.equal(again.kid, key.kid)
      assert.deepEqual(again.publicJwk, key.publicJwk)
    })
  }

  test('a stored key of an unknown algorithm is not taken into use', async () => {
    await assert.rejects(importSigningKey({ kty: 'oct', k: 'AA', alg: 'HS256' }))
  })
})
