import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createTokenCache } from '#src/token-cache.ts'

describe('the token cache', () => {
  test('forgets at the moment the token ends', () => {
    const cache = createTokenCache<string>(10)
    cache.put('a', 'x', 1000)
    assert.equal(cache.get('a', 999), 'x')
    assert.equal(cache.get('a', 1000), undefined)
    assert.equal(cache.get('a', 999), undefined)
  })

  test('never holds more than its limit', () => {
    const cache = createTokenCache<number>(1000)
    for (let index = 0; index < 5000; index += 1) cache.put(String(index), index, 10)
    const held = Array.from({ length: 5000 }, (_, index) => cache.get(String(index), 1)).filter(
      (value) => value !== undefined,
    )
    assert.equal(held.length, 1000)
    assert.equal(held.at(-1), 4999)
  })
})
