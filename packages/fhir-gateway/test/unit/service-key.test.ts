import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDatabase } from '@uthopp/storage/open'
import { openServiceKey } from '#src/storage/signing-key.ts'

test('the service key is made once and is the same after a restart', async () => {
  const data = await mkdtemp(join(tmpdir(), 'gateway-key-'))
  const open = () => openDatabase({ name: 'gateway', storage: 'disk', data, databaseUrl: undefined })
  const first = await open()
  const [one, two] = await Promise.all([openServiceKey(first), openServiceKey(first)])
  assert.equal(one.kid, two.kid)
  await first.close()
  const again = await open()
  assert.equal((await openServiceKey(again)).kid, one.kid)
  await again.close()
  await rm(data, { recursive: true })
})
