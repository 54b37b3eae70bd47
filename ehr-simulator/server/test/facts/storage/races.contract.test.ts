import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onEachEngine } from '@uthopp/storage/on-each-engine'
import { raceAcrossProcesses } from '@uthopp/storage/race'
import { createChangeLog, recordChanges } from '#src/facts/storage/sql-changes.ts'
import { createDecisionStore } from '#src/facts/storage/sql-decisions.ts'
import { FACT_MIGRATIONS } from '#src/facts/storage/migrations.ts'
import { aDecision, NOW, TENANT } from '../builders.ts'

onEachEngine(FACT_MIGRATIONS, ({ engine, shared, open, newPlace }) => {
  // Memory belongs to one process.
  if (!shared) return

  test(`on ${engine} a reader misses nothing while several processes write`, async () => {
    const place = newPlace()
    const db = await open(place)
    const log = createChangeLog(db, TENANT)
    const found: string[] = []
    let position = await log.head()
    const script = new URL('contenders/change.ts', import.meta.url)
    const race = { over: false }
    const written = raceAcrossProcesses({ script, place, count: 3 }).finally(() => {
      race.over = true
    })
    const read = async () => {
      const page = await log.readAfter(position)
      found.push(...page.entries.map(({ id }) => id))
      position = page.position
    }
    while (!race.over) await read().then(() => new Promise((later) => setTimeout(later, 1)))
    const expected = (await written).flat().map(String)
    await read()
    assert.equal(found.length, expected.length)
    assert.deepEqual(new Set(found), new Set(expected))
    await recordChanges(db, TENANT, [])
  })

  test(`on ${engine} of two who take the same decision at once for one person, one does`, async () => {
    const place = newPlace()
    await open(place)
    const script = new URL('contenders/take.ts', import.meta.url)
    const outcomes = await raceAcrossProcesses({ script, place, count: 4 })
    assert.equal(outcomes.filter(Boolean).length, 1)
  })

  test(`on ${engine} what is over is noticed and settled by one of several processes`, async () => {
    const place = newPlace()
    await createDecisionStore(await open(place), TENANT).take(aDecision(), NOW)
    const script = new URL('contenders/notice.ts', import.meta.url)
    const outcomes = (await raceAcrossProcesses({ script, place, count: 4 })) as readonly Record<string, number>[] // what notice.ts answers
    for (const what of ['noticed', 'settled']) {
      assert.equal(
        outcomes.reduce((sum, each) => sum + (each[what] ?? 0), 0),
        1,
        what,
      )
    }
  })
})
