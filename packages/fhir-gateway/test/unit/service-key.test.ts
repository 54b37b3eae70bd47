import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { MIGRATIONS } from '#src/storage/migrations.ts'
import { openServiceKey } from '#src/storage/signing-key.ts'

onEachEngine(MIGRATIONS, ({ engine, open, newPlace, shared }) => {
  test('a key once made is kept', async () => {
    const db = await open()
    assert.equal((await openServiceKey(db)).kid, (await openServiceKey(db)).kid)
  })

  if (shared) {
    test('the next start finds the same key', async () => {
      const place = newPlace()
      const first = await openServiceKey(await open(place))
      assert.equal((await openServiceKey(await open(place))).kid, first.kid)
    })
  }

  // An SQLite file has one gateway; only PostgreSQL is shared by nodes that may start together.
  if (engine === 'PostgreSQL') {
    test('of several nodes starting at once each ends with the same key', async () => {
      const place = newPlace()
      const nodes = [await open(place), await open(place), await open(place)]
      const keys = await Promise.all(nodes.map(openServiceKey))
      assert.equal(new Set(keys.map((key) => key.kid)).size, 1)
    })
  }
})
