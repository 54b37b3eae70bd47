import assert from 'node:assert/strict'
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { describe, test } from 'node:test'
import { ExternalSigningKey } from 'oidc-provider'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { signingKeysOf } from '#src/provider/signing-keys.ts'

const own = async () => {
  const keys = [await generateSigningKey('RS256'), await generateSigningKey('ES256')]
  return { keys, taken: signingKeysOf(keys).keys }
}

describe('the keys the library signs with', () => {
  test('keep their order, ids and algorithms, by which the library chooses', async () => {
    const { keys, taken } = await own()
    assert.deepEqual(
      taken.map(({ kid, alg, use }) => ({ kid, alg, use })),
      keys.map(({ kid, alg }) => ({ kid, alg, use: 'sig' })),
    )
  })

  test('sign ES256 as JWS wants it: two numbers of 32 bytes, which the published half verifies', async () => {
    const { keys, taken } = await own()
    const quick = taken[1]
    assert.ok(quick instanceof ExternalSigningKey)
    const data = Buffer.from('header.payload')
    const signature = await quick.sign(data)
    assert.equal(signature.length, 64)
    const published: KeyObject = createPublicKey({ key: { ...keys[1]?.publicJwk }, format: 'jwk' })
    assert.ok(verify('sha256', data, { key: published, dsaEncoding: 'ieee-p1363' }, signature))
    assert.ok(!verify('sha256', Buffer.from('another'), { key: published, dsaEncoding: 'ieee-p1363' }, signature))
  })

  test('show nothing private of a key that signs here', async () => {
    const { taken } = await own()
    const quick = taken[1]
    assert.ok(quick instanceof ExternalSigningKey)
    assert.equal((await quick.keyObject()).type, 'public')
    assert.ok(!('d' in quick))
  })
})
