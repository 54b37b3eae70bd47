import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  formatFhirDate,
  formatMoment,
  formatNear,
  formatShortMoment,
  formatSince,
  formatSpan,
} from '#src/format/dates.ts'
import { formatCount, formatDecimals, formatNumber } from '#src/format/numbers.ts'

const NOW = new Date('2026-11-20T10:00:00Z')

describe('dates and numbers', () => {
  test('times are those of Oslo, summer and winter', () => {
    assert.equal(formatMoment(new Date('2026-07-01T22:05:00Z')), '02.07.2026 00:05')
    assert.equal(formatMoment(new Date('2026-01-01T22:05:00Z')), '01.01.2026 23:05')
  })

  test('a short moment keeps its year when it is not this one', () => {
    assert.equal(formatShortMoment(new Date('2026-10-14T11:05:00Z'), NOW), '14.10. 13:05')
    assert.equal(formatShortMoment(new Date('2025-10-14T11:05:00Z'), NOW), '14.10.2025 13:05')
  })

  test('today needs no date', () => {
    assert.equal(formatNear(new Date('2026-11-20T22:59:00Z'), NOW), '23:59')
    assert.equal(formatNear(new Date('2026-11-20T23:00:00Z'), NOW), '21.11. 00:00')
  })

  test('a FHIR date may lack day or month', () => {
    assert.equal(formatFhirDate('1943-05-19'), '19.05.1943')
    assert.equal(formatFhirDate('1943-05'), '05.1943')
    assert.equal(formatFhirDate('1943'), '1943')
  })

  test('a visit of one day is one date', () => {
    const morning = new Date('2024-08-22T08:00:00Z')
    assert.equal(formatSpan(morning, new Date('2024-08-22T10:00:00Z')), '22.08.2024')
    assert.equal(formatSpan(morning, new Date('2024-08-24T10:00:00Z')), '22.08.2024 – 24.08.2024')
    assert.equal(formatSpan(morning, null), '22.08.2024')
  })

  test('ago is told in the unit that says most, and never in the future', () => {
    const ago = (minutes: number) => formatSince(new Date(NOW.getTime() - minutes * 60_000), NOW)
    assert.deepEqual([ago(-3), ago(4), ago(120), ago(4 * 1440)], ['0 min', '4 min', '2 t', '4 d'])
  })

  test('numbers have a decimal comma', () => {
    assert.equal(formatNumber(9.4), '9,4')
    assert.deepEqual([formatDecimals(4, 1), formatDecimals(12.4, 1), formatDecimals(391, 0)], ['4,0', '12,4', '391'])
    assert.equal(formatCount(1, 'bilde', 'bilder'), '1 bilde')
    assert.equal(formatCount(412, 'bilde', 'bilder'), '412 bilder')
  })
})
