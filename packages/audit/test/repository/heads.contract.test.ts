import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { createLog } from '@uthopp/server-kit/log'
import type { Database } from '@uthopp/storage/database'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { sql } from '@uthopp/storage/sql'
import { tenantOf } from '@uthopp/storage/tenant'
import { hashOfLine } from '#src/repository/head-line.ts'
import { readKnownHeads } from '#src/repository/heads-known.ts'
import { REPOSITORY_MIGRATIONS } from '#src/repository/migrations.ts'
import { createRepository, openLog } from '#src/repository/repository.ts'
import { verifyChain } from '#src/repository/verify.ts'
import { verifyHeads } from '#src/repository/verify-heads.ts'
import { createHeadsWriter } from '#src/repository/write-heads.ts'
import { AHUS, aRecord, OUS } from '#test/records.ts'

const tenant = tenantOf(OUS)
const root = mkdtempSync(join(tmpdir(), 'uthopp-heads-'))
after(() => rmSync(root, { recursive: true, force: true }))
const log = createLog({ name: 'test', level: 'silent' })

/** A log and a folder for what is written down of it, and a clock that stands still until it is told. */
async function aLog(db: Database) {
  const folder = mkdtempSync(join(root, 'data-'))
  const path = join(folder, 'audit-heads.jsonl')
  let seconds = 0
  const now = () => new Date(Date.UTC(2026, 10, 20, 8, 0, seconds))
  const repository = createRepository(db, tenant)
  return {
    db,
    folder,
    path,
    pass: (more: number) => {
      seconds += more
    },
    writer: () => createHeadsWriter({ db, path, now, log }),
    append: (count: number) => repository.append(Array.from({ length: count }, () => aRecord())),
    lines: () => readFileSync(path, 'utf8').trimEnd().split('\n'),
    faults: async (...paths: readonly string[]) =>
      (await verifyHeads(await readKnownHeads(db), paths.length === 0 ? [path] : paths)).faults.map(
        ({ fault, line }) => `${fault} ${line}`,
      ),
  }
}

/** Three lines of heads, as a server that was stopped leaves them. */
async function aStoppedLog(db: Database) {
  const world = await aLog(db)
  const writer = world.writer()
  for (let round = 0; round < 3; round += 1) {
    await world.append(2)
    await writer.write('all')
  }
  return world
}

onEachEngine(REPOSITORY_MIGRATIONS, ({ open }) => {
  describe('the writer of heads', () => {
    test('writes every trust down at once, after a hundred records, after a minute, and at the end', async () => {
      const world = await aLog(await open())
      const writer = world.writer()
      await openLog(world.db, tenantOf(AHUS))
      await world.append(1)
      await writer.write('due')
      assert.equal(world.lines().length, 2)
      await world.append(99)
      await writer.write('due')
      assert.equal(world.lines().length, 2)
      await world.append(1)
      await writer.write('due')
      assert.equal(world.lines().length, 3, 'a hundred records')
      await world.append(1)
      world.pass(59)
      await writer.write('due')
      assert.equal(world.lines().length, 3)
      world.pass(1)
      await writer.write('due')
      assert.equal(world.lines().length, 4, 'a minute')
      await writer.write('due')
      await writer.write('all')
      assert.equal(world.lines().length, 4, 'nothing moved')
      await world.append(1)
      await writer.write('all')
      assert.equal(world.lines().length, 5)
      assert.deepEqual(await world.faults(), [])
      const { lines } = await verifyHeads(await readKnownHeads(world.db), [world.path])
      const { fault, witnessed } = await verifyChain(world.db, tenant, { witnesses: lines })
      assert.deepEqual([fault, witnessed], [undefined, 103])
    })

    test('goes on where it was after a restart, and where a power failure left half a line or one that is not counted', async () => {
      const world = await aStoppedLog(await open())
      const [before] = await readKnownHeads(world.db)
      const last = world.lines()[2] ?? ''
      const more = JSON.stringify({ ...(JSON.parse(last) as object), line: 4, previous: hashOfLine(last) })
      appendFileSync(world.path, `${more}\n{"file":"`)
      assert.deepEqual(await world.faults(), [])
      await world.writer().write('all')
      const [after] = await readKnownHeads(world.db)
      assert.deepEqual([before?.lines, after?.lines, after?.file], [3, 5, before?.file])
      assert.equal(world.lines().length, 5)
      assert.deepEqual(await world.faults(), [])
      assert.deepEqual(readdirSync(world.folder), ['audit-heads.jsonl'])
    })

    test('puts a file aside that is not the one the database counted, and what is gone from it stays known', async () => {
      const world = await aStoppedLog(await open())
      writeFileSync(world.path, `${world.lines()[0]}\n`)
      await world.append(1)
      await world.writer().write('all')
      const files = readdirSync(world.folder).map((name) => join(world.folder, name))
      assert.equal(files.length, 2)
      assert.deepEqual(await world.faults(...files), ['lines-missing 2'])
    })

    test('never lets a file that is gone be forgotten by beginning another', async () => {
      const world = await aStoppedLog(await open())
      rmSync(world.path)
      await world.writer().write('all')
      assert.deepEqual(await world.faults(), ['file-missing 3'])
    })
  })

  describe('the verifier of heads', () => {
    test('finds a file that is gone, emptied, cut, changed or of another log', async () => {
      const world = await aStoppedLog(await open())
      const [first = '', second = '', third = ''] = world.lines()
      const written = (...lines: readonly string[]) => {
        writeFileSync(world.path, lines.map((line) => `${line}\n`).join(''))
        return world.faults()
      }
      assert.deepEqual(await written(first, second, third), [])
      assert.deepEqual(await written(first, second), ['lines-missing 3'])
      assert.deepEqual(await written(first, third), ['line-changed 2', 'lines-missing 2'])
      assert.deepEqual(await written(second, third), ['line-changed 1', 'file-missing 3'])
      assert.deepEqual(await written(first, second, third.replace('"sequence":6', '"sequence":5')), ['line-changed 3'])
      assert.deepEqual(await written(first.replace('"sequence":2', '"sequence":1'), second, third), [
        'line-changed 2',
        'lines-missing 2',
      ])
      assert.deepEqual(await written('{}'), ['line-changed 1', 'file-missing 3'])
      assert.deepEqual(await written(), ['file-missing 3'])
      rmSync(world.path)
      assert.deepEqual(await world.faults(), ['file-missing 3'])
      const other = await aStoppedLog(await open())
      assert.deepEqual(await world.faults(other.path), ['file-missing 3', 'file-unknown 1'])
    })

    test('takes a copy that lies elsewhere for a file that is gone, and finds two that disagree', async () => {
      const world = await aStoppedLog(await open())
      const copy = join(world.folder, 'copy.jsonl')
      copyFileSync(world.path, copy)
      await world.append(1)
      assert.deepEqual(await world.faults(world.path, copy), [])
      const [first = '', second = '', third = ''] = world.lines()
      const forged = third.replace('"sequence":6', '"sequence":5')
      writeFileSync(world.path, `${first}\n${second}\n${forged}\n`)
      await world.db.acrossTenants.run(sql`update audit_heads_file set hash = ${hashOfLine(forged)}`)
      assert.deepEqual(await world.faults(world.path), [], 'the file alone cannot tell')
      assert.deepEqual(await world.faults(world.path, copy), ['copies-disagree 3'])
    })
  })
})
