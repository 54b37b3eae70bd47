import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { afterAnswer, afterFailure, isBroken, nextAskIn, NOT_ASKED } from '../src/vitals/connection.ts'
import { askFrom, newestTaken, NOTHING_YET, takeIn } from '../src/vitals/last-hour.ts'
import { NEWS2, parseNews2, riskLevel } from '../src/vitals/news2.ts'
import { parseConsciousness, parseSign } from '../src/vitals/signs.ts'
import { trendOf } from '../src/vitals/trend.ts'

const NOW = new Date('2026-04-29T12:00:00.000Z')
const ago = (seconds: number): string => new Date(NOW.getTime() - seconds * 1000).toISOString()
const code = (value: string) => ({ coding: [{ code: value }] })
let counter = 0
const pulse = (secondsAgo: number, value: number, more = {}) => ({
  id: `obs${++counter}`,
  meta: { versionId: '1', lastUpdated: ago(secondsAgo) },
  status: 'final',
  code: code('8867-4'),
  effectiveDateTime: ago(secondsAgo),
  valueQuantity: { value },
  ...more,
})

describe('the last hour', () => {
  test('keeps an hour and no more', () => {
    const hour = takeIn(NOTHING_YET, [pulse(3700, 80), pulse(3500, 90), pulse(2, 118)], NOW)
    assert.deepEqual(
      hour.points.get('pulse')?.map((point) => point.value),
      [90, 118],
    )
  })

  test('keeps the last value of a sign for a day, and shows nothing older as if it were now', () => {
    const hour = takeIn(NOTHING_YET, [pulse(80_000, 80), pulse(70_000, 82)], NOW)
    assert.deepEqual(
      hour.points.get('pulse')?.map((point) => point.value),
      [82],
    )
    assert.equal(newestTaken(hour)?.toISOString(), ago(70_000))
    assert.equal(newestTaken(takeIn(NOTHING_YET, [pulse(90_000, 80)], NOW)), undefined)
  })

  test('asks a little further back than the newest write, and what comes twice counts once', () => {
    const first = pulse(4, 110)
    const hour = takeIn(NOTHING_YET, [first], NOW)
    assert.equal(askFrom(hour), ago(5))
    const again = takeIn(hour, [first, pulse(2, 112)], NOW)
    assert.deepEqual(
      again.points.get('pulse')?.map((point) => point.value),
      [110, 112],
    )
    assert.equal(askFrom(NOTHING_YET), undefined)
  })

  test('what it remembers of past versions does not grow with the hour', () => {
    let hour = NOTHING_YET
    for (let second = 600; second > 0; second -= 2) hour = takeIn(hour, [pulse(second, 100)], NOW)
    assert.equal(hour.points.get('pulse')?.length, 300)
    assert.ok(hour.seen.size <= 5)
  })

  test('a measurement withdrawn or without a number is not drawn', () => {
    assert.equal(parseSign(pulse(2, 300, { status: 'entered-in-error' })), undefined)
    assert.equal(parseSign(pulse(2, Number.NaN)), undefined)
    assert.equal(parseSign({ ...pulse(2, 80), effectiveDateTime: 'soon' }), undefined)
  })

  test('blood pressure is one point with two numbers', () => {
    const pressure = {
      ...pulse(2, 0),
      code: code('85354-9'),
      component: [
        { code: code('8480-6'), valueQuantity: { value: 98 } },
        { code: code('8462-4'), valueQuantity: { value: 60 } },
      ],
    }
    assert.deepEqual(parseSign(pressure)?.point, { at: new Date(ago(2)), value: 98, lower: 60 })
  })
})

describe('oxygen and consciousness', () => {
  const awake = { code: code('80288-4'), valueQuantity: undefined, valueCodeableConcept: { text: 'Forvirret' } }

  test('are read as they were recorded', () => {
    assert.deepEqual(parseSign(pulse(2, 10, { code: code('3151-8') })), {
      sign: 'oxygen',
      point: { at: new Date(ago(2)), value: 10 },
    })
    assert.deepEqual(parseConsciousness(pulse(2, 0, awake)), { at: new Date(ago(2)), words: 'Forvirret' })
  })

  test('the newest word stands, and none that was withdrawn or is a day old', () => {
    const later = { ...awake, valueCodeableConcept: { text: 'Våken' } }
    const hour = takeIn(NOTHING_YET, [pulse(2, 0, later), pulse(60, 0, awake)], NOW)
    assert.equal(hour.consciousness?.words, 'Våken')
    assert.equal(parseConsciousness(pulse(2, 0, { ...awake, status: 'entered-in-error' })), undefined)
    assert.equal(takeIn(NOTHING_YET, [pulse(90_000, 0, awake)], NOW).consciousness, undefined)
  })
})

describe('NEWS2', () => {
  test('the newest recorded score is shown with its parts, also when an older one arrives later', () => {
    const score = (secondsAgo: number, total: number) => ({
      ...pulse(secondsAgo, total),
      code: code(NEWS2),
      component: [{ code: code('1104351000000103'), valueQuantity: { value: 2 } }],
    })
    const hour = takeIn(NOTHING_YET, [score(2, 11), score(60, 8)], NOW)
    assert.equal(hour.news2?.total, 11)
    assert.equal(hour.news2?.parts.get('pulse'), 2)
    assert.equal(parseNews2(pulse(2, 11)), undefined)
    assert.equal(takeIn(NOTHING_YET, [score(90_000, 3)], NOW).news2, undefined)
  })

  test('colour and words follow the total, and a single three lifts a low one', () => {
    assert.deepEqual(riskLevel(0, []), { color: 'neutral', words: 'lav risiko' })
    assert.deepEqual(riskLevel(1, [1]), { color: 'success', words: 'lav risiko' })
    assert.deepEqual(riskLevel(4, [1, 2, 1]), { color: 'success', words: 'lav risiko' })
    assert.deepEqual(riskLevel(3, [3, 0]), { color: 'warning', words: 'lav til middels risiko' })
    assert.deepEqual(riskLevel(5, []), { color: 'warning', words: 'middels risiko' })
    assert.deepEqual(riskLevel(7, []), { color: 'danger', words: 'høy risiko' })
  })
})

describe('trend', () => {
  const series = (before: number, recent: number) =>
    [590, 500, 400, 200, 100, 10].map((seconds) => ({
      at: new Date(ago(seconds)),
      value: seconds > 300 ? before : recent,
    }))

  test('compares the last five minutes with the five before', () => {
    assert.equal(trendOf(series(100, 110), NOW)?.words, 'stigende')
    assert.equal(trendOf(series(110, 100), NOW)?.words, 'fallende')
    assert.equal(trendOf(series(100, 102), NOW)?.words, 'stabil')
  })

  test('says nothing from too little', () => {
    assert.equal(trendOf([{ at: new Date(ago(10)), value: 100 }], NOW), undefined)
    assert.equal(trendOf([], NOW), undefined)
  })
})

describe('the connection', () => {
  test('backs off while it fails and returns to two seconds with the first answer', () => {
    let connection = NOT_ASKED
    const waits = [1, 2, 3, 4, 5].map(() => {
      connection = afterFailure(connection)
      return nextAskIn(connection)
    })
    assert.deepEqual(waits, [4000, 8000, 16_000, 30_000, 30_000])
    assert.equal(nextAskIn(afterAnswer(NOW)), 2000)
  })

  test('is broken after fifteen seconds of silence, counted from when asking began', () => {
    const answered = afterAnswer(new Date(ago(16)))
    assert.equal(isBroken(answered, new Date(ago(60)), NOW), true)
    assert.equal(isBroken(afterAnswer(new Date(ago(14))), new Date(ago(60)), NOW), false)
    assert.equal(isBroken(answered, new Date(ago(1)), NOW), false)
    assert.equal(isBroken(NOT_ASKED, new Date(ago(16)), NOW), true)
  })
})
