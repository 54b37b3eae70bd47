import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isProblem } from '@uthopp/smart-core/problem'
import { anything, choice, flag, integer, list, nullable, readMembers, text } from '#src/members.ts'

const SHAPE = {
  required: { client_id: text },
  optional: {
    bound: flag,
    acr: integer,
    patient: nullable(text),
    intents: list(choice(['read', 'write'])),
    more: anything,
  },
}

const reasonOf = (value: unknown): string | undefined => {
  const got = readMembers(value, SHAPE)
  return isProblem(got) ? got.reason : undefined
}

describe('reading an object of our own formats', () => {
  test('what is given comes out typed, and nothing is invented', () => {
    assert.deepEqual(readMembers({ client_id: 'a', patient: null, intents: ['read'] }, SHAPE), {
      client_id: 'a',
      patient: null,
      intents: ['read'],
    })
  })

  test('the problem names the member that is unknown, missing or wrong', () => {
    assert.equal(reasonOf({ client_id: 'a', extra: 1 }), 'unknown member `extra`')
    assert.equal(reasonOf({}), 'member `client_id` is missing')
    assert.equal(reasonOf({ client_id: '' }), '`client_id` must be a text')
    assert.equal(reasonOf({ client_id: 'a\nb' }), '`client_id` must be a text')
    assert.equal(reasonOf({ client_id: 'a', bound: 'true' }), '`bound` must be true or false')
    assert.equal(reasonOf({ client_id: 'a', acr: 1.5 }), '`acr` must be a whole number')
    assert.equal(reasonOf({ client_id: 'a', intents: ['read', 'x'] }), '`intents[1]` must be one of read, write')
  })

  test('members inherited from a prototype are neither known nor given', () => {
    assert.equal(reasonOf(JSON.parse('{"client_id":"a","__proto__":{"bound":true}}')), 'unknown member `__proto__`')
    assert.equal(reasonOf({ client_id: 'a', constructor: 1 }), 'unknown member `constructor`')
    assert.equal(reasonOf(Object.create({ client_id: 'a' })), 'member `client_id` is missing')
  })

  test('what is not an object is refused', () => {
    for (const value of [null, [], 'x', 1, undefined]) assert.equal(reasonOf(value), 'expected a JSON object')
  })
})
