import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { figuresOf } from '../src/nourishment/figures.ts'
import { needText } from '../src/nourishment/intake.ts'
import { weightsOf } from '../src/nourishment/weight.ts'
import { closedNotice } from '../src/smart/closed-notice.ts'
import type { Failure } from '../src/smart/failure.ts'
import type { Part } from '../src/smart/part.ts'

const NOW = new Date('2026-04-29T10:00:00+02:00')
const read = <T>(value: T): Part<T> => ({ kind: 'read', value })
const closed = (failure: Failure): Part<never> => ({ kind: 'closed', failure })
const UNAVAILABLE: Failure = { kind: 'unavailable', correlationId: 'faa2277042be8852' }
const NOT_PERMITTED: Failure = { kind: 'no-access', whose: 'person', correlationId: 'faa2277042be8853' }
const EVERY_FAILURE: readonly Failure[] = [
  UNAVAILABLE,
  NOT_PERMITTED,
  { kind: 'no-access', whose: 'app', correlationId: '' },
  { kind: 'not-found', correlationId: '' },
  { kind: 'unreachable' },
  { kind: 'broken', explanation: '', correlationId: '' },
]
const weighed = (day: string, value: number) => ({
  code: { coding: [{ code: '29463-7' }] },
  status: 'final',
  effectiveDateTime: `${day}T08:00:00+02:00`,
  valueQuantity: { value },
})
const EMPTY = weightsOf([])
const lineOf = (figures: ReturnType<typeof figuresOf>, name: string) => {
  const figure = figures.find((candidate) => candidate.name === name)
  return figure?.kind === 'registered' ? figure.value : figure?.line
}

describe('a key figure', () => {
  test('is called not registered only when the record was read and holds none', () => {
    const figures = figuresOf(NOW, read(EMPTY), read({ risk: undefined }))
    assert.deepEqual(
      figures.map(({ name, kind }) => [name, kind]),
      [
        ['Vekt', 'none'],
        ['BMI', 'none'],
        ['Vekttap', 'none'],
        ['NRS-2002', 'none'],
      ],
    )
    assert.equal(lineOf(figures, 'NRS-2002'), 'Ingen funnet')
  })

  for (const failure of EVERY_FAILURE) {
    test(`never looks unregistered because reading ended in ${JSON.stringify(failure)}`, () => {
      const figures = figuresOf(NOW, closed(failure), closed(failure))
      const line = failure.kind === 'no-access' ? 'Ingen tilgang' : 'Kunne ikke leses'
      assert.deepEqual(
        figures.map((figure) => (figure.kind === 'unknown' ? figure.line : figure)),
        [line, line, line, line],
      )
    })
  }

  test('that was read stands although its neighbour failed', () => {
    const risk = { score: 5, at: new Date('2026-04-27T08:00:00+02:00'), nutrition: 3, disease: 1, age: 1 }
    const figures = figuresOf(NOW, closed(UNAVAILABLE), read({ risk }))
    assert.equal(lineOf(figures, 'Vekt'), 'Kunne ikke leses')
    assert.equal(lineOf(figures, 'NRS-2002'), '5 (3 + 1 + 1)')
  })

  test('claims no loss only where two weights say so', () => {
    const one = figuresOf(NOW, read(weightsOf([weighed('2026-04-28', 50)])), closed(UNAVAILABLE))
    assert.equal(lineOf(one, 'Vekttap'), 'Ingen vekt å sammenligne med')
    const two = read(weightsOf([weighed('2026-04-01', 50), weighed('2026-04-28', 50)]))
    assert.equal(lineOf(figuresOf(NOW, two, closed(UNAVAILABLE)), 'Vekttap'), 'Ingen')
  })

  test('a need that could not be read is not called not computed', () => {
    const nothing = { energy: undefined, protein: undefined, fluid: undefined }
    assert.equal(needText(read({ need: nothing }), 'energy', 'kcal'), ' kcal, behov ikke beregnet')
    assert.equal(needText(closed(UNAVAILABLE), 'energy', 'kcal'), ' kcal, behov: kunne ikke leses')
    assert.equal(needText(closed(NOT_PERMITTED), 'energy', 'kcal'), ' kcal, behov: ingen tilgang')
  })
})

describe('the message about what is not shown', () => {
  test('is one, names each part once, and leaves out numbers of HTTP', () => {
    const notice = closedNotice([
      { title: 'vekt', part: closed(UNAVAILABLE) },
      { title: 'inntak i dag', part: closed(UNAVAILABLE) },
      { title: 'kost', part: read([]) },
      { title: 'åpne tiltak', part: closed(NOT_PERMITTED) },
    ])
    assert.deepEqual(notice?.sentences, [
      'Kunne ikke leses: vekt, inntak i dag.',
      'Ingen tilgang: åpne tiltak.',
      'Rollen din har ikke tilgang til disse opplysningene.',
      'Oppgi til brukerstøtte: faa2277042be8852',
    ])
    assert.equal(notice?.again, true)
    assert.doesNotMatch(JSON.stringify(notice), /HTTP|50\d/)
  })

  test('asks nobody to try again what they may not see', () => {
    assert.equal(closedNotice([{ title: 'kost', part: closed(NOT_PERMITTED) }])?.again, false)
  })

  test('is not there when everything was read', () => {
    assert.equal(closedNotice([{ title: 'kost', part: read([]) }]), undefined)
  })
})
