import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatEmpty, formatNothingCritical } from '#src/chart/emptiness.ts'

describe('an empty panel', () => {
  test('says that the role may not see it, not that there is nothing', () => {
    const words = 'Ingen prøvesvar.'
    assert.equal(formatEmpty({ closed: [] }, 'Observation', words), words)
    assert.match(formatEmpty({ closed: ['Observation'] }, 'Observation', words), /ikke tilgang/)
  })

  test('never calls a patient free of allergies', () => {
    for (const closed of [[], ['Flag'], ['AllergyIntolerance'], ['Flag', 'AllergyIntolerance']])
      assert.doesNotMatch(formatNothingCritical({ closed }), /kjente/)
    assert.match(formatNothingCritical({ closed: ['AllergyIntolerance', 'Flag'] }), /^Rollen din har ikke tilgang/)
  })
})
