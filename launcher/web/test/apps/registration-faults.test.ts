import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { faultsOf, inFieldNames } from '#src/apps/registration-faults.ts'

const GOOD = {
  launchUri: 'http://localhost:3000/launch.html',
  redirectUris: ['https://app.example/'],
  scope: 'launch openid patient/Observation.rs?category=laboratory user/*.read https://vendor.example/scope',
}

describe('a registration form', () => {
  test('without fault has none', () => {
    assert.deepEqual(faultsOf(GOOD), [])
  })

  test('hears of all its faults at once, by the names of its fields', () => {
    const faults = faultsOf({
      launchUri: 'http://evil.example',
      redirectUris: ['foo', 'https://app.example/#here'],
      scope: 'openid patient/Observation.sr patient/Observation.',
    })
    assert.deepEqual(
      faults.map((fault) => fault.split(':')[0]),
      ['Launch address', 'Redirect addresses', 'Redirect addresses', 'Scopes', 'Scopes'],
    )
  })

  test('reads a refusal of the server in its own words', () => {
    assert.equal(
      inFieldNames('an entry of `redirect_uris` must be text'),
      'an entry of Redirect addresses must be text',
    )
    assert.equal(inFieldNames('`other` is wrong'), '`other` is wrong')
  })
})
