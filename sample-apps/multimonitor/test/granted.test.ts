import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantedLines } from '../src/granted.ts'

test('granted scopes are told in the words of clinicians, as what the app may do with which data', () => {
  assert.deepEqual(grantedLines(['openid', 'patient/Observation.rs?category=survey', 'patient/CarePlan.cru']), [
    'Målinger og svar (bare pasientens svar og skår): lese, søke',
    'Behandlingsplaner: opprette, lese, endre',
  ])
})

test('data without a common word keep the name they were granted by', () => {
  assert.deepEqual(grantedLines(['patient/Media.r?type=photo']), ['Media (bare type=photo): lese'])
})
