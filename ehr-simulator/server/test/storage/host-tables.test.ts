import assert from 'node:assert/strict'
import { test } from 'node:test'
import { publicJwks } from '@uthopp/server-kit/keys'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { tenantOf } from '@uthopp/storage/tenant'
import { sqlAccounts } from '#src/storage/accounts.ts'
import { HOST_MIGRATIONS } from '#src/storage/migrations.ts'
import { signingKeyOf } from '#src/storage/signing-keys.ts'

const OUS = tenantOf('993467049')
const AHUS = tenantOf('983971636')
const NOW = new Date('2026-11-20T10:00:00Z')

onEachEngine(HOST_MIGRATIONS, ({ engine, open }) => {
  test(`on ${engine} an account is its trust's alone, and a taken username stays with who has it`, async () => {
    const database = await open()
    const ous = sqlAccounts(database, OUS)
    await ous.add({ username: 'nordmann', subject: 'stf101', password: 'scrypt$a$b' })
    await ous.add({ username: 'nordmann', subject: 'stf999', password: 'scrypt$c$d' })
    assert.deepEqual(
      { ...(await ous.find('nordmann')) },
      { username: 'nordmann', subject: 'stf101', password: 'scrypt$a$b' },
    )
    assert.equal(await sqlAccounts(database, AHUS).find('nordmann'), undefined)
    assert.equal(await ous.find("nordmann' or '1'='1"), undefined)
  })

  test(`on ${engine} a trust has one signing key, also when several ask for the first time at once`, async () => {
    const database = await open()
    const keys = await Promise.all(Array.from({ length: 4 }, () => signingKeyOf(database, OUS, NOW)))
    assert.equal(new Set(keys.map(({ kid }) => kid)).size, 1)
    assert.equal((await signingKeyOf(database, OUS, NOW)).kid, keys[0]?.kid)
    assert.notEqual((await signingKeyOf(database, AHUS, NOW)).kid, keys[0]?.kid)
    assert.equal(publicJwks(keys).keys[0]?.['d'], undefined)
  })
})
