import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatEmpty, formatNothingCritical } from '#src/chart/emptiness.ts'

describe('an empty panel', () => {
  test('says that the role may not see it, not that there is nothing', () => {
    const words = 'Ingen prøvesvar.'
    assert.equal(formatEmpty({ closed: [], learning: false }, 'Observation', words), words)
    assert.match(formatEmpty({ closed: ['Observation'], learning: false }, 'Observation', words), /ikke tilgang/)
  })

  test('never calls a patient free of allergies', () => {
    for (const closed of [[], ['Flag'], ['AllergyIntolerance'], ['Flag', 'AllergyIntolerance']])
      assert.doesNotMatch(formatNothingCritical({ closed, learning: false }), /kjente/)
    assert.match(
      formatNothingCritical({ closed: ['AllergyIntolerance', 'Flag'], learning: false }),
      /^Rollen din har ikke tilgang/,
    )
  })

  test('says of own learning that it shows earlier visits only, never that there is nothing', () => {
    for (const closed of [[], ['Observation', 'AllergyIntolerance', 'Flag']]) {
      assert.match(formatEmpty({ closed, learning: true }, 'Observation', 'Ingen prøvesvar.'), /bare tidligere opphold/)
      assert.match(formatNothingCritical({ closed, learning: true }), /vises ikke ved egen læring/)
    }
  })
})
