import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { matchesIn } from '../src/smart/searchset.ts'

const bundle = (...entry: readonly unknown[]) => ({ resourceType: 'Bundle', type: 'searchset', entry })
const weight = { resource: { resourceType: 'Observation' } }
const outcome = (severity: string, code: string) => ({
  search: { mode: 'outcome' },
  resource: { resourceType: 'OperationOutcome', issue: [{ severity, code }] },
})

describe('an answer to a search', () => {
  test('that is empty says that nothing is registered', () => {
    assert.deepEqual(matchesIn(bundle()), [])
    assert.deepEqual(matchesIn(bundle(outcome('warning', 'suppressed'))), [])
  })

  test('that is no searchset says nothing at all', () => {
    assert.equal(matchesIn({ resourceType: 'OperationOutcome', issue: [] }), undefined)
    assert.equal(matchesIn({}), undefined)
  })

  test('that is empty because something was left out says nothing either', () => {
    assert.equal(matchesIn(bundle(outcome('warning', 'too-costly'))), undefined)
    assert.equal(matchesIn(bundle(outcome('error', 'processing'))), undefined)
    assert.equal(matchesIn(bundle(weight, outcome('warning', 'too-costly')))?.length, 1)
  })
})
