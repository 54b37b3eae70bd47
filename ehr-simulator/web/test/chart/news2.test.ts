import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { VitalKey } from '#src/api/overview.ts'
import { formatLevel, news2Level, news2Points, pointsLevel } from '#src/chart/news2.ts'
import { formatPoint } from '#src/chart/vital-names.ts'

/** Every edge of the table in Royal College of Physicians 2017, chart 1. */
const EDGES: readonly (readonly [key: VitalKey, value: number, points: number])[] = [
  ['respiration', 8, 3],
  ['respiration', 9, 1],
  ['respiration', 12, 0],
  ['respiration', 20, 0],
  ['respiration', 21, 2],
  ['respiration', 25, 3],
  ['spo2', 91, 3],
  ['spo2', 92, 2],
  ['spo2', 94, 1],
  ['spo2', 96, 0],
  ['bloodPressure', 90, 3],
  ['bloodPressure', 91, 2],
  ['bloodPressure', 101, 1],
  ['bloodPressure', 111, 0],
  ['bloodPressure', 219, 0],
  ['bloodPressure', 220, 3],
  ['pulse', 40, 3],
  ['pulse', 41, 1],
  ['pulse', 51, 0],
  ['pulse', 91, 1],
  ['pulse', 111, 2],
  ['pulse', 131, 3],
  ['oxygen', 0, 0],
  ['oxygen', 2, 2],
  ['consciousness', 1, 0],
  ['consciousness', 0, 3],
  ['temperature', 35, 3],
  ['temperature', 35.1, 1],
  ['temperature', 36.1, 0],
  ['temperature', 38.1, 1],
  ['temperature', 39.1, 2],
]

describe('the words of NEWS2', () => {
  test('say low to medium where one measurement alone gave three points, and never less than the sum does', () => {
    const words = [3, 4, 5, 7].map((score) => formatLevel(news2Level(score, true)))
    assert.deepEqual(words, ['Lav til middels', 'Lav til middels', 'Middels', 'Høy'])
    assert.equal(formatLevel(news2Level(4, false)), 'Lav')
  })

  test('name how awake somebody is as whoever measured it did', () => {
    const point = { at: new Date(0), value: 0, lower: null }
    assert.equal(formatPoint({ key: 'consciousness', word: 'Forvirret' }, point), 'Forvirret')
    assert.equal(formatPoint({ key: 'consciousness', word: null }, point), 'Endret bevissthet')
  })
})

describe('NEWS2 colours', () => {
  for (const [key, value, points] of EDGES) {
    test(`${key} ${value} gives ${points}`, () => assert.equal(news2Points(key, value, false), points))
  }

  test('on oxygen scale 2 a saturation of 88–92 is what one wants', () => {
    assert.equal(news2Points('spo2', 90, true), 0)
    assert.equal(news2Points('spo2', 83, true), 3)
  })

  test('above 92 on scale 2 nothing is claimed, since the number does not tell about oxygen', () => {
    assert.equal(news2Points('spo2', 96, true), null)
  })

  test('the sum has three levels and nothing', () => {
    const levelsOf = (three: boolean) => [0, 1, 4, 5, 6, 7, 16].map((score) => news2Level(score, three))
    assert.deepEqual(levelsOf(false), ['none', 'low', 'low', 'medium', 'medium', 'high', 'high'])
    assert.deepEqual([0, 1, 2, 3].map(pointsLevel), ['none', 'low', 'medium', 'high'])
  })
})
