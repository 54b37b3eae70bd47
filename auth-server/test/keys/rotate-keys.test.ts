import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { migrate } from '@uthopp/storage/migrate'
import { openDatabase } from '@uthopp/storage/open'
import { tenantOf } from '@uthopp/storage/tenant'
import { createLook } from '#src/keys/issuer-keys.ts'
import { scheduleOfDays } from '#src/keys/stages.ts'
import { migrations } from '#src/storage/migrations.ts'
import { createKeyStore } from '#src/storage/sql-keys.ts'
import { OUS } from '#test/support/stub-host.ts'

describe("an operator's `rotate-keys`", () => {
  const data = mkdtempSync(join(tmpdir(), 'uthopp-keys-'))
  const deployment = join(data, 'deployment.json')
  before(() => {
    const origin = (port: number) => `http://localhost:${port}`
    const addresses = { auth: origin(4400), host: origin(4300), launcher: origin(4200), gateway: origin(4500) }
    const trusts = [{ orgnr: OUS, name: 'Oslo universitetssykehus HF', shortName: 'OUS' }]
    writeFileSync(deployment, JSON.stringify({ world: 'demo', addresses, trusts, apps: [] }))
  })
  after(() => rmSync(data, { recursive: true, force: true }))

  const rotateKeys = (env: Readonly<Record<string, string>> = {}) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../../src/rotate-keys.ts')], {
      env: { PATH: process.env['PATH'], UTHOPP_DEPLOYMENT: deployment, UTHOPP_DATA: data, ...env },
      encoding: 'utf8',
    })

  test('publishes the next keys beside a running server, says from when they sign, and does it once', async () => {
    const db = await openDatabase({ name: 'auth', storage: 'disk', data, databaseUrl: undefined })
    await migrate(db, migrations)
    const now = () => new Date()
    const look = createLook({ store: createKeyStore(db, tenantOf(OUS)), schedule: scheduleOfDays(30), now })
    const running = await look()
    const { stdout, stderr, status } = rotateKeys()
    assert.equal(status, 0, stderr)
    const lines = stdout.trim().split('\n')
    assert.equal(lines.length, 2)
    const found = await look()
    assert.equal(found.published.length, 4)
    assert.equal(found.accessToken.kid, running.accessToken.kid)
    for (const [line, alg] of [
      [lines[0], 'ES256'],
      [lines[1], 'RS256'],
    ] as const) {
      const next = found.published.findLast((key) => key.alg === alg)
      assert.match(line ?? '', new RegExp(`^http://localhost:4400/${OUS} ${alg}: ${next?.kid} signs from \\d{4}-.*Z$`))
    }
    assert.equal(rotateKeys().stdout, stdout)
    await db.close()
  })

  test('makes no keys where no server ever ran, which is another database than was meant', () => {
    const elsewhere = join(data, 'elsewhere')
    const { stderr, status } = rotateKeys({ UTHOPP_DATA: elsewhere })
    assert.equal(status, 78)
    assert.match(stderr, /^rotate-keys: no server of .* has ever run on this database\n$/)
  })

  test('refuses memory, which no other process sees, and a broken configuration, in a line each', () => {
    const memory = rotateKeys({ UTHOPP_STORAGE: 'memory' })
    assert.equal(memory.status, 78)
    assert.match(memory.stderr, /^rotate-keys: UTHOPP_STORAGE: keys in memory belong to the running server alone\n$/)
    const broken = rotateKeys({ UTHOPP_KEY_DAYS: 'often' })
    assert.equal(broken.status, 78)
    assert.match(broken.stderr, /^rotate-keys: UTHOPP_KEY_DAYS: `often` is not a number of days from 1 to 365\n$/)
  })
})
