import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatEmpty, formatNothingCritical } from '#src/chart/emptiness.ts'

describe('an empty panel', () => {
  test('says that the role may not see it, not that there is nothing', () => {
    const words = 'Ingen prøvesvar å vise.'
    assert.match(formatEmpty({ closed: ['Observation'], learning: false }, 'Observation', words), /ikke tilgang/)
  })

  test('never says that there is nothing: the patient may have blocked it, and the same is said of everybody', () => {
    const face = { closed: [], learning: false }
    const blocked = /å vise\. Pasienten kan ha sperret opplysninger\.$/
    assert.match(formatEmpty(face, 'MedicationStatement', 'Ingen legemidler å vise.'), blocked)
    assert.match(formatNothingCritical(face), blocked)
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
