import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseDateRange } from '#src/fhir/index/date-range.ts'

const utc = (text: string) => new Date(text).getTime()

const ranges: readonly (readonly [text: string, low: string, high: string])[] = [
  ['2026-11-20', '2026-11-19T23:00:00Z', '2026-11-20T23:00:00Z'],
  ['2026-07-01', '2026-06-30T22:00:00Z', '2026-07-01T22:00:00Z'],
  ['2026', '2025-12-31T23:00:00Z', '2026-12-31T23:00:00Z'],
  ['2026-03', '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'],
  ['2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
  ['2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['2024-02-29', '2024-02-28T23:00:00Z', '2024-02-29T23:00:00Z'],
  ['2026-11-20T10:00', '2026-11-20T09:00:00Z', '2026-11-20T09:01:00Z'],
  ['2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z', '2026-11-20T10:00:01Z'],
  ['2026-11-20T10:00:00.5+01:00', '2026-11-20T09:00:00.500Z', '2026-11-20T09:00:00.501Z'],
  ['2026-11-20T10:00:00-05:30', '2026-11-20T15:30:00Z', '2026-11-20T15:30:01Z'],
]

describe('dates', () => {
  for (const [text, low, high] of ranges) {
    test(`${text} lasts from ${low} to ${high}`, () => {
      assert.deepEqual(parseDateRange(text), { low: utc(low), high: utc(high) })
    })
  }

  test('of a year before a hundred are of that year', () => {
    assert.equal(new Date(parseDateRange('0050-06-01T00:00:00Z')?.low ?? 0).getUTCFullYear(), 50)
  })

  for (const text of [
    '',
    '26',
    '2026-13',
    '2026-02-30',
    '2025-02-29',
    '2026-1-1',
    '2026-11-20T25:00',
    '2026-11-20T10',
    '2026-11-20 10:00',
    'now',
    '2026-11-20T10:00:00+15:00',
  ]) {
    test(`${JSON.stringify(text)} is none`, () => {
      assert.equal(parseDateRange(text), undefined)
    })
  }
})
