import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { claimOf } from '#src/limits/claim.ts'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`

describe('who a failing request says it is', () => {
  for (const [what, authorization, form, expected] of [
    ['Basic', basic('app%2D1:secret'), '', 'credentials app-1'],
    ['Basic without a colon', basic('app'), '', 'credentials app'],
    ['Basic that is broken', 'Basic %%%', '', 'credentials '],
    ['a Bearer token', `Bearer e30.${part({ client_id: 'app' })}.x`, '', 'credentials app'],
    ['a Bearer token that is none', 'Bearer x', '', 'credentials '],
    ['a secret in the form', '', 'client_id=app&client_secret=x', 'credentials app'],
    ['an assertion', '', `client_assertion=e30.${part({ sub: 'app' })}.x`, 'credentials app'],
    ['an assertion about something else', '', `client_assertion=e30.${part({ sub: { a: 1 } })}.x`, 'credentials '],
    ['an assertion of nothing', '', `client_assertion=e30.${part(null)}.x`, 'credentials '],
    ['a refresh token', '', 'grant_type=refresh_token&refresh_token=x', 'grant '],
    ['a code', '', 'grant_type=authorization_code&code=x&client_id=app', 'grant app'],
    ['a client id alone', '', 'client_id=app', ''],
    ['nothing', '', '', ''],
  ] as const) {
    test(`is read from ${what}, without a throw`, () => {
      const claim = claimOf(authorization, Buffer.from(form))
      assert.equal(claim === undefined ? '' : `${claim.kind} ${claim.clientId}`, expected)
    })
  }
})
