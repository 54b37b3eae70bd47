import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseCsv, problemOf, readLedger } from '../requirements.ts'

const row = (status: string, evidence: string) => ({
  id: 'SAL-1',
  verb: 'SHALL',
  party: 'ALL',
  requirement: '',
  status,
  evidence,
})

describe('the requirement ledger', () => {
  test('has every SAL row once, in order', () => {
    const ids = readLedger().map(({ id }) => id)
    assert.deepEqual(
      ids.filter((id) => id.startsWith('SAL-')),
      Array.from({ length: 238 }, (_, index) => `SAL-${index + 1}`),
    )
  })

  test('claims nothing that no test proves', () => {
    assert.deepEqual(
      readLedger().flatMap((entry) => problemOf(entry) ?? []),
      [],
    )
  })

  test('would notice a claim without its test, and a waiver without its reason', () => {
    assert.equal(
      problemOf(row('claimed', 'scripts/test/requirements.test.ts › has every SAL row once, in order')),
      undefined,
    )
    assert.ok(problemOf(row('claimed', 'scripts/test/requirements.test.ts › promises the moon')))
    assert.ok(problemOf(row('claimed', 'scripts/test/none.test.ts › anything')))
    const skipped = 'packages/server-kit/test/listen.test.ts › answers on both loopback addresses under one port'
    assert.match(problemOf(row('claimed', skipped)) ?? '', /names a test that has the option skip/)
    assert.ok(problemOf(row('claimed', '')))
    assert.ok(problemOf(row('waived', '')))
    assert.ok(problemOf(row('later', 'scripts/test/requirements.test.ts › reads quoted fields')))
    assert.deepEqual(
      [problemOf(row('later', '')), problemOf(row('later', 'nobody asks for it'))],
      [undefined, undefined],
    )
    assert.ok(problemOf(row('done', '')))
  })

  test('reads quoted fields', () => {
    assert.deepEqual(parseCsv('a,"b, ""c""",\n'), [['a', 'b, "c"', '']])
  })
})
