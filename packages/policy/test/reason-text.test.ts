import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countReasonChars, SHORTEST_REASON } from '#src/reason-text.ts'

const enough = (text: string, templates: readonly string[] = []): boolean =>
  countReasonChars(text, templates) >= SHORTEST_REASON

test('a sentence written by hand is long enough', () => {
  for (const text of [
    'Bevisstløs pasient, ukjent medisinering',
    'Tilsyn etter ønske fra 4B',
    '  Hjertestans på rom 12 ',
    'Ringt av fastlegen',
  ])
    assert.ok(enough(text), text)
})

test('blanks, repeats and marks say nothing', () => {
  for (const text of [
    '',
    '          ',
    'aaaaaaaaaaaaaaaa',
    'a a a a a a a a a a',
    'asdfasdfasdfasdf',
    '..........',
    '1111111111',
    'test test test test',
    '\u200b'.repeat(20),
    'xyxyxyxyxyxyxyxy',
    '! ! ! ! ! ! ! ! ! !',
  ])
    assert.equal(enough(text), false, text)
})

test('an example copied unchanged counts nothing, however it is spaced or cased', () => {
  const templates = ['Pasienten er akutt syk og jeg trenger opplysninger']
  assert.equal(countReasonChars('  PASIENTEN er akutt  syk og jeg trenger opplysninger ', templates), 0)
  assert.ok(enough('Pasienten er akutt syk og jeg trenger opplysninger om allergi', templates))
})
