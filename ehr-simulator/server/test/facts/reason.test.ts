import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { parseReason, reasonLength } from '#src/facts/reason.ts'
import { DIALOG_TEMPLATES } from '#src/facts/templates.ts'

describe('the reason for an access of one’s own choosing', () => {
  test('is kept in the person’s own words, without what surrounds them', () => {
    assert.equal(parseReason('  Bevisstløs   etter fall,\n ukjent medisin '), 'Bevisstløs etter fall, ukjent medisin')
    assert.equal(parseReason('Tilsyn: nyoppstått atrieflimmer'), 'Tilsyn: nyoppstått atrieflimmer')
    assert.equal(parseReason('Akutt blodtap'), 'Akutt blodtap')
  })

  test('says something: blanks, repeats and patterns do not count', () => {
    for (const words of [
      '',
      '          ',
      'kort',
      'aaaaaaaaaaaaaaaa',
      'a a a a a a a a a a a a',
      'abcabcabcabcabcabc',
      'test test test test test',
      'asdf asdf ASDF asdf',
      '..........................',
      '– – – – – – – – – –',
      '\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b',
      'nei nei ja ja nei ja',
      '12121212121212',
    ])
      assert.ok(isProblem(parseReason(words)), words)
  })

  test('is not what the form itself says, however it is written', () => {
    for (const { title, hint } of DIALOG_TEMPLATES) {
      for (const words of [title, hint, hint.toUpperCase(), ` ${hint.replaceAll(' ', '  ')} `, `${title}: ${hint}`]) {
        assert.ok(isProblem(parseReason(words)), words)
        assert.equal(reasonLength(words), 0)
      }
    }
    assert.ok(isProblem(parseReason('Begrunnelse (blir synlig for pasienten i innsynsloggen)')))
  })

  test('is bounded, and holds nothing that cannot be shown', () => {
    assert.ok(isProblem(parseReason(Array.from({ length: 400 }, (_, at) => `ord${at}`).join(' '))))
    assert.ok(isProblem(parseReason('Akutt blodtap\u0000 i magen')))
    assert.ok(isProblem(parseReason('Akutt \u202eblodtap i magen')))
  })
})
