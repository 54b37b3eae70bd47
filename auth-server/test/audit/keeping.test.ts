import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { readKnownHeads } from '@uthopp/audit/heads-known'
import { createOutbox } from '@uthopp/audit/outbox'
import { createRepository } from '@uthopp/audit/repository'
import { verifyChain } from '@uthopp/audit/verify'
import { verifyHeads } from '@uthopp/audit/verify-heads'
import { createHeadsWriter } from '@uthopp/audit/write-heads'
import { createLog } from '@uthopp/server-kit/log'
import { migrate } from '@uthopp/storage/migrate'
import { openPlace } from '@uthopp/storage/open'
import { type Sql, sql } from '@uthopp/storage/sql'
import { tellExpired } from '#src/audit/expired-launches.ts'
import { headsFile, headsFilesIn } from '#src/audit/heads-files.ts'
import { keepLog, startKeepingLog } from '#src/audit/keep-log.ts'
import { createLaunchStore } from '#src/storage/sql-launches.ts'
import { migrations } from '#src/storage/migrations.ts'
import { sweepExpired } from '#src/storage/sweep.ts'
import { aLaunch, later, NOW, OTHER_TENANT, TENANT } from '#test/storage/builders.ts'
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
    const { db } = await open()
    const repository = createRepository(db, TENANT)
    await repository.append([aRecord({ at: new Date('2019-06-01T00:00:00.000Z') }), aRecord({ at: NOW })])
    await keepLog({ db, tenants: [TENANT], years: 10, now: () => NOW })
    const { records } = await repository.search({ newestFirst: false, count: 10 })
    assert.deepEqual(
      records.map(({ sequence, activity, detail }) => [sequence, activity, detail['count']]),
      [
        [2, 'fhir-access', undefined],
        [3, 'log-pruned', 1],
      ],
    )
    await db.close()
  })

  test('writes the heads down from the start to the last record before an orderly stop', async () => {
    const data = mkdtempSync(join(folder, 'stopped-'))
    const { db } = await open()
    const repository = createRepository(db, TENANT)
    const now = () => NOW
    const heads = createHeadsWriter({ db, path: headsFile(data), now, log })
    const keeping = startKeepingLog({ db, tenants: [TENANT, OTHER_TENANT], years: 10, now, log, heads })
    await repository.append([aRecord({ at: NOW }), aRecord({ at: NOW })])
    await keeping.stop()
    const { lines, faults } = await verifyHeads(await readKnownHeads(db), await headsFilesIn(data))
    assert.deepEqual(faults, [])
    const proof = { witnesses: lines, expected: true, retention: { years: 10, now: NOW } }
    const ours = await verifyChain(db, TENANT, proof)
    assert.deepEqual([ours.rows, ours.witnessed, ours.fault], [2, 2, undefined])
    assert.equal((await verifyChain(db, OTHER_TENANT, proof)).fault, undefined)
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
      trusts: [
        { orgnr: TENANT, name: 'Oslo universitetssykehus HF', shortName: 'OUS' },
        { orgnr: OTHER_TENANT, name: 'Akershus universitetssykehus HF', shortName: 'Ahus' },
      ],
    }),
  )
  const verify = (data: string, ...options: readonly string[]) =>
    spawnSync(process.execPath, [join(import.meta.dirname, '../../src/verify-audit.ts'), ...options], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', UTHOPP_DEPLOYMENT: deployment, UTHOPP_DATA: data },
    })

  /** A log of five records of one trust and three of another, as a server that was stopped leaves it, without its guards. */
  async function aStoppedServer() {
    const data = mkdtempSync(join(folder, 'data-'))
    const { db } = await open(join(data, 'auth.sqlite'))
    const heads = createHeadsWriter({ db, path: headsFile(data), now: () => NOW, log })
    await keepLog({ db, tenants: [TENANT, OTHER_TENANT], years: 10, now: () => NOW })
    const at = NOW
    await createRepository(db, TENANT).append([1, 2, 3, 4, 5].map(() => aRecord({ at })))
    await createRepository(db, OTHER_TENANT).append([1, 2, 3].map(() => aRecord({ at, tenant: OTHER_TENANT })))
    await heads.write('all')
    for (const trigger of ['audit_record_unchanged', 'audit_record_kept'] as const)
      await db.acrossTenants.run(sql`drop trigger ${sql.raw(trigger)}`)
    const attack = async (...statements: readonly Sql[]) => {
      for (const statement of statements) await db.acrossTenants.run(statement)
      await db.close()
      return verify(data)
    }
    return { data, file: headsFile(data), attack }
  }

  test('proves the chains of a server nobody touched', async () => {
    const { attack } = await aStoppedServer()
    const whole = await attack()
    assert.deepEqual([whole.status, whole.stderr], [0, ''])
    assert.match(whole.stdout, /^993467049: ok, 5 records, head [0-9a-f]{64}, written down to number 5$/m)
    assert.match(whole.stdout, /^983971636: ok, 3 records, head [0-9a-f]{64}, written down to number 3$/m)
  })

  const ours = sql`tenant = ${TENANT}`
  const hashOf = (sequence: number) => sql`(select hash from audit_record where ${ours} and sequence = ${sequence})`
  const attacks: readonly (readonly [string, readonly Sql[], RegExp])[] = [
    [
      'a changed row',
      [sql`update audit_record set content = replace(content, 'cdp1001', 'cdp1002') where ${ours} and sequence = 2`],
      /^993467049: BROKEN at number 2 \(record-changed\)/m,
    ],
    [
      'all but the first record removed and the head set back',
      [
        sql`update audit_head set sequence = 1, hash = ${hashOf(1)} where ${ours}`,
        sql`delete from audit_record where ${ours} and sequence > 1`,
      ],
      /^993467049: BROKEN at number 2 \(tail-missing\)/m,
    ],
    [
      'all records removed and the head as it was in the beginning',
      [
        sql`update audit_head set sequence = 0, hash = anchor_hash where ${ours}`,
        sql`delete from audit_record where ${ours}`,
      ],
      /^993467049: BROKEN at number 1 \(tail-missing\)/m,
    ],
    [
      'all records removed and the head with them',
      [sql`delete from audit_record where ${ours}`, sql`delete from audit_head where ${ours}`],
      /^993467049: BROKEN at number 1 \(head-missing\)/m,
    ],
    [
      'a beginning moved until only the last record is left',
      [
        sql`update audit_head set anchor_sequence = 4, anchor_hash = ${hashOf(4)} where ${ours}`,
        sql`delete from audit_record where ${ours} and sequence <= 4`,
      ],
      /^993467049: BROKEN at number 4 \(anchor-unproven\)/m,
    ],
    [
      'the log of every trust removed',
      [sql`delete from audit_record`, sql`delete from audit_head`, sql`delete from audit_heads_file`],
      /^983971636: BROKEN at number 1 \(head-missing\)/m,
    ],
  ]
  for (const [what, statements, line] of attacks)
    test(`finds ${what}`, async () => {
      const { attack } = await aStoppedServer()
      const found = await attack(...statements)
      assert.equal(found.status, 1, found.stderr)
      assert.match(found.stdout, line)
    })

  test('finds the heads written down emptied, removed or cut, and trusts gone from the log and the file alike', async () => {
    const { data, file, attack } = await aStoppedServer()
    const copy = join(data, 'copy-elsewhere')
    copyFileSync(file, copy)
    await attack()
    writeFileSync(file, '')
    const emptied = verify(data)
    assert.equal(emptied.status, 1)
    assert.match(emptied.stdout, /^heads: BROKEN at line 2 \(file-missing\)/m)
    rmSync(file)
    assert.equal(verify(data).status, 1)
    assert.equal(verify(data, '--heads', copy).status, 0, 'a copy that lies elsewhere serves as well')
    writeFileSync(file, `${readFileSync(copy, 'utf8').split('\n')[0]}\n`)
    const cut = verify(data)
    assert.equal(cut.status, 1)
    assert.match(cut.stdout, /^heads: BROKEN at line 2 \(lines-missing\)/m)
  })

  test('finds a log without any heads written down', async () => {
    const { file, attack } = await aStoppedServer()
    rmSync(file)
    const found = await attack(sql`delete from audit_heads_file`)
    assert.equal(found.status, 1)
    assert.match(found.stdout, /^993467049: BROKEN at number 5 \(not-witnessed\)/m)
  })

  test('says in a line what it cannot do', () => {
    const answer = verify(folder, '--tenant', 'ous')
    assert.equal(answer.status, 78)
    assert.match(answer.stderr, /^audit:verify: --tenant: /)
  })
})
