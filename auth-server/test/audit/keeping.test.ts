import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createOutbox } from '@uthopp/audit/outbox'
import { createRepository } from '@uthopp/audit/repository'
import { createLog } from '@uthopp/server-kit/log'
import { migrate } from '@uthopp/storage/migrate'
import { openPlace } from '@uthopp/storage/open'
import { sql } from '@uthopp/storage/sql'
import { tellExpired } from '#src/audit/expired-launches.ts'
import { keepLog, witnessFile } from '#src/audit/keep-log.ts'
import { createLaunchStore } from '#src/storage/sql-launches.ts'
import { migrations } from '#src/storage/migrations.ts'
import { sweepExpired } from '#src/storage/sweep.ts'
import { aLaunch, later, NOW, TENANT } from '#test/storage/builders.ts'
import { aRecord } from './support.ts'

const folder = mkdtempSync(join(tmpdir(), 'uthopp-keeping-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const log = createLog({ name: 'test', level: 'silent' })
const open = async (file?: string) => {
  const db = await openPlace(file === undefined ? { kind: 'memory' } : { kind: 'file', file })
  await migrate(db, migrations)
  return { db, outbox: createOutbox({ db, now: () => NOW, log }) }
}

describe('a launch that nobody used', () => {
  test('is told once, when it is swept away, with whom and what it was for', async () => {
    const { db, outbox } = await open()
    const launches = createLaunchStore(db, TENANT)
    await launches.offer(aLaunch('unused', { purpose: 'TREAT' }))
    await sweepExpired(db, later(10 * 86_400), tellExpired(outbox))
    await sweepExpired(db, later(10 * 86_400), tellExpired(outbox))
    const rows = await db.acrossTenants.all<{ record: string }>(sql`select record from audit_outbox`)
    const [told, ...others] = rows.map(({ record }) => JSON.parse(record) as Record<string, unknown>) // our own wire form
    assert.deepEqual(others, [])
    assert.deepEqual(
      [told?.['activity'], told?.['patient'], told?.['purpose'], told?.['client_id']],
      ['launch-expired', 'cdp1001', 'TREAT', 'pacs-viewer'],
    )
    await db.close()
  })
})

describe('keeping the log', () => {
  test('removes what is older than its time and says so', async () => {
    const { db, outbox } = await open()
    const repository = createRepository(db, TENANT)
    await repository.append([aRecord({ at: new Date('2019-06-01T00:00:00.000Z') }), aRecord({ at: NOW })])
    await keepLog({ db, outbox, years: 10, file: undefined, now: () => NOW })
    assert.equal((await repository.search({ newestFirst: true, count: 10 })).records.length, 1)
    const rows = await db.acrossTenants.all<{ record: string }>(sql`select record from audit_outbox`)
    assert.match(rows[0]?.record ?? '', /"activity":"log-pruned"/)
    await db.close()
  })
})

describe('npm run audit:verify', () => {
  const deployment = join(folder, 'deployment.json')
  writeFileSync(
    deployment,
    JSON.stringify({
      world: 'demo',
      addresses: {
        auth: 'http://localhost:4400',
        host: 'http://localhost:4300',
        launcher: 'http://localhost:4200',
        gateway: 'http://localhost:4500',
      },
      trusts: [{ orgnr: TENANT, name: 'Oslo universitetssykehus HF', shortName: 'OUS' }],
    }),
  )
  const verify = (...options: readonly string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../../src/verify-audit.ts'), ...options], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', UTHOPP_DEPLOYMENT: deployment, UTHOPP_DATA: folder },
    })

  test('proves a chain, finds a changed row, and finds a log that was made anew by the heads written down', async () => {
    const { db, outbox } = await open(join(folder, 'auth.sqlite'))
    await createRepository(db, TENANT).append([aRecord(), aRecord(), aRecord()])
    await keepLog({ db, outbox, years: 99, file: witnessFile(folder), now: () => NOW })
    const whole = verify()
    assert.deepEqual([whole.status, whole.stderr], [0, ''])
    assert.match(whole.stdout, /^993467049: ok, 3 records, head [0-9a-f]{64}\n$/)

    await db.acrossTenants.run(sql`drop trigger audit_record_unchanged`)
    await db.acrossTenants.run(
      sql`update audit_record set content = replace(content, 'cdp1001', 'cdp1002') where sequence = 2`,
    )
    const changed = verify('--tenant', TENANT)
    assert.equal(changed.status, 1)
    assert.match(changed.stdout, /BROKEN at number 2 \(record-changed\)/)

    await db.acrossTenants.run(sql`drop trigger audit_record_kept`)
    await db.acrossTenants.run(sql`delete from audit_record`)
    await db.acrossTenants.run(sql`delete from audit_head`)
    const gone = verify()
    assert.equal(gone.status, 1)
    assert.match(gone.stdout, /993467049: BROKEN/)
    await db.close()
  })

  test('says in a line what it cannot do', () => {
    const answer = verify('--tenant', 'ous')
    assert.equal(answer.status, 78)
    assert.match(answer.stderr, /^audit:verify: --tenant: /)
  })
})
