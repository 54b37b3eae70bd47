import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grantedLines } from '../src/granted.ts'

test('granted scopes are told as what the app may do with which data', () => {
  assert.deepEqual(grantedLines(['openid', 'patient/Observation.rs?category=survey', 'patient/CarePlan.cru']), [
    'Observation (bare category=survey): lese, søke',
    'CarePlan: opprette, lese, endre',
  ])
})
