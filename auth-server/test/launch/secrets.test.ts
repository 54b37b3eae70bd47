import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scrub } from '@uthopp/server-kit/scrub'
import { newGrantId } from '#src/launch/secrets.ts'

const at = (ms: number) => newGrantId(new Date(ms))

describe('the id of a grant', () => {
  test('sorts by the time it was made, today as in a hundred years, and never comes twice', () => {
    const made = [0, Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1) + 1, Date.UTC(2061, 0, 1), Date.UTC(2126, 0, 1)].map(at)
    assert.deepEqual(made.toSorted(), made)
    assert.equal(new Set(Array.from({ length: 1000 }, () => at(1_800_000_000_000))).size, 1000)
  })

  test('is told apart from a secret in the log', () => {
    for (const id of Array.from({ length: 50 }, () => at(1_800_000_000_000)))
      assert.doesNotMatch(scrub(`{"grantId":"${id}"}`), /\[secret\]/)
  })
})
