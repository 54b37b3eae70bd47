import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { announcementOf, formatLength, formatRemaining, isLong } from '../../src/access/countdown.ts'

const MINUTE = 60_000

describe('a countdown', () => {
  test('reads in minutes and seconds, with hours where minutes would be too many, and never below nothing', () => {
    const cases = [
      [60 * MINUTE, '60:00'],
      [9 * MINUTE + 5000, '09:05'],
      [999, '00:01'],
      [0, '00:00'],
      [-5000, '00:00'],
      [99 * MINUTE, '99:00'],
      [100 * MINUTE, '1:40:00'],
      [48 * 60 * MINUTE - 2000, '47:59:58'],
    ] as const
    for (const [ms, words] of cases) assert.equal(formatRemaining(ms), words)
  })

  test('that lasts long says when it ends as well', () => {
    assert.deepEqual(
      [15, 60, 99, 100, 2880].map((minutes) => isLong(minutes * MINUTE)),
      [false, false, false, true, true],
    )
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
