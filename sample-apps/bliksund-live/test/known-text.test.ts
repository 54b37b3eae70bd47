import assert from 'node:assert/strict'
import { test } from 'node:test'
import { knownText } from '../src/arrival/known-text.ts'

const NOT_PERMITTED = { kind: 'closed', failure: { kind: 'no-access', whose: 'person', correlationId: '' } } as const
const UNAVAILABLE = { kind: 'closed', failure: { kind: 'unavailable', correlationId: '' } } as const

test('allergies nobody could read are never called none registered', () => {
  assert.equal(knownText({ kind: 'read', value: [] }), 'ingen funnet (kan være sperret)')
  assert.equal(knownText({ kind: 'read', value: ['Penicillin', 'Lateks'] }), 'Penicillin, Lateks')
  assert.equal(knownText(NOT_PERMITTED), 'ingen tilgang')
  assert.equal(knownText(UNAVAILABLE), 'kunne ikke leses')
  assert.equal(knownText(undefined), 'hentes …')
})
