import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { LabFace, VitalSeries } from '#src/api/overview.ts'
import { layOutLabs } from '#src/chart/lab-grid.ts'
import { formatPath, placeDots, sharedSpan } from '#src/chart/trend.ts'

const NOW = new Date('2026-11-20T10:00:00Z')
const BOX = { width: 100, height: 20, inset: 0 }
const at = (hoursAgo: number) => new Date(NOW.getTime() - hoursAgo * 3_600_000)
const series = (...points: readonly (readonly [hoursAgo: number, value: number])[]): VitalSeries => ({
  key: 'pulse',
  unit: '/min',
  points: points.map(([hoursAgo, value]) => ({ at: at(hoursAgo), value, lower: null })),
  word: null,
})

describe('trends', () => {
  test('the shared hours begin with the first measurement inside them', () => {
    const span = sharedSpan([series([400, 80], [10, 80], [1, 90])], NOW, 48)
    assert.deepEqual(span, { from: at(10).getTime(), to: NOW.getTime() })
  })

  test('ten minutes of measurements are not stretched into a drama', () => {
    assert.equal(sharedSpan([series([0.1, 80])], NOW, 48).from, at(1 / 3).getTime())
  })

  test('points before the hours are left out, the highest stands on top', () => {
    const span = { from: at(10).getTime(), to: NOW.getTime() }
    const dots = placeDots(series([400, 10], [10, 60], [0, 100]), span, BOX)
    assert.deepEqual(dots, [
      { x: 0, y: 20, lowerY: null },
      { x: 100, y: 0, lowerY: null },
    ])
    assert.equal(formatPath(dots), 'M0 20L100 0')
  })

  test('a flat series runs through the middle', () => {
    const dots = placeDots(series([2, 70], [0, 70]), { from: at(2).getTime(), to: NOW.getTime() }, BOX)
    assert.deepEqual(
      dots.map(({ y }) => y),
      [10, 10],
    )
  })
})

describe('the cumulative table', () => {
  const lab = (code: string, ...hoursAgo: number[]): LabFace => ({
    code,
    name: code,
    unit: '',
    reference: '',
    decimals: 0,
    results: hoursAgo.map((hours) => ({
      at: at(hours),
      value: hours,
      text: null,
      flag: null,
      preliminary: false,
      source: null,
    })),
  })

  test('has one column a sampling, newest first, and holes where nothing was asked', () => {
    const { times, rows } = layOutLabs([lab('Hb', 1, 24), lab('CRP', 24)], 8)
    assert.deepEqual(times, [at(1), at(24)])
    assert.deepEqual(
      rows.map(({ cells }) => cells.map((cell) => cell?.value ?? null)),
      [
        [1, 24],
        [null, 24],
      ],
    )
  })

  test('drops analyses older than its columns instead of showing empty rows', () => {
    assert.deepEqual(
      layOutLabs([lab('Hb', 1), lab('TSH', 900)], 1).rows.map((row) => row.lab.code),
      ['Hb'],
    )
  })
})
