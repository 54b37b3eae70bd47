import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { announcementOf, formatLength, formatRemaining } from '../../src/access/countdown.ts'

const MINUTE = 60_000

describe('a countdown', () => {
  test('reads in minutes and seconds, in hours where minutes would be too many, and never below nothing', () => {
    const cases = [
      [60 * MINUTE, '60:00'],
      [9 * MINUTE + 5000, '09:05'],
      [999, '00:01'],
      [0, '00:00'],
      [-5000, '00:00'],
      [99 * MINUTE, '99:00'],
      [100 * MINUTE, '1 t 40 min'],
      [48 * 60 * MINUTE, '48 t 0 min'],
    ] as const
    for (const [ms, words] of cases) assert.equal(formatRemaining(ms), words)
  })

  test('is said aloud when its end comes near, and not before', () => {
    assert.equal(announcementOf(6 * MINUTE), '')
    assert.match(announcementOf(5 * MINUTE), /fem minutter/)
    assert.match(announcementOf(MINUTE), /ett minutt/)
    assert.match(announcementOf(0), /utløpt/)
  })

  test('is promised in whole minutes or hours', () => {
    assert.deepEqual([15, 60, 120, 2880].map(formatLength), ['15 minutter', '60 minutter', '2 timer', '48 timer'])
  })
})
