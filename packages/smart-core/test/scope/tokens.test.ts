import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scopesIn } from '#src/scope/tokens.ts'

test('the scopes of a parameter come as written, without the gaps between them; what is no text has none', () => {
  assert.deepEqual(scopesIn('launch  patient/Patient.r?a=b x '), ['launch', 'patient/Patient.r?a=b', 'x'])
  for (const none of ['', '   ', undefined, null, 7, ['launch'], { scope: 'launch' }])
    assert.deepEqual(scopesIn(none), [])
})
