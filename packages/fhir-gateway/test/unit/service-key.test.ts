import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { MIGRATIONS, openServiceKey } from '#src/storage/signing-key.ts'

onEachEngine(MIGRATIONS, ({ engine, open, newPlace, shared }) => {
  test('a key once made is kept', async () => {
    const db = await open()
    assert.equal((await openServiceKey(db)).kid, (await openServiceKey(db)).kid)
  })

  test('the next start finds the same key', { skip: !shared && 'in memory nobody shares' }, async () => {
    const place = newPlace()
    const first = await openServiceKey(await open(place))
    assert.equal((await openServiceKey(await open(place))).kid, first.kid)
  })

  test('of several nodes starting at once each ends with the same key', {
    skip: engine !== 'PostgreSQL' && 'one node a file',
  }, async () => {
    const place = newPlace()
    const nodes = [await open(place), await open(place), await open(place)]
    const keys = await Promise.all(nodes.map(openServiceKey))
    assert.equal(new Set(keys.map((key) => key.kid)).size, 1)
  })
})
