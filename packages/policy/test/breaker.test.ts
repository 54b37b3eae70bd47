import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBreaker } from '#src/breaker.ts'

function opened() {
  let time = 0
  const breaker = createBreaker(() => new Date(time))
  for (let failure = 0; failure < 5; failure += 1) {
    assert.ok(breaker.allows())
    breaker.note(false)
  }
  return { breaker, pass: (ms: number) => (time += ms) }
}

test('after five failures nobody is let through, until a pause is over', () => {
  const { breaker, pass } = opened()
  assert.deepEqual([breaker.allows(), breaker.isClosed()], [false, false])
  pass(1999)
  assert.equal(breaker.allows(), false)
  pass(1)
  assert.equal(breaker.allows(), true)
})

test('the trial is one question, however many wait, and looking takes nobody’s turn', () => {
  const { breaker, pass } = opened()
  pass(2000)
  assert.ok(breaker.isClosed() && breaker.isClosed())
  assert.deepEqual([breaker.allows(), breaker.allows(), breaker.allows()], [true, false, false])
  breaker.note(true)
  assert.deepEqual([breaker.allows(), breaker.allows()], [true, true])
})

test('a trial that fails, or is never told of, lets the next one wait', () => {
  const { breaker, pass } = opened()
  pass(2000)
  assert.equal(breaker.allows(), true)
  breaker.note(false)
  assert.equal(breaker.allows(), false)
  pass(2000)
  assert.equal(breaker.allows(), true)
  pass(1999)
  assert.equal(breaker.allows(), false)
  pass(1)
  assert.equal(breaker.allows(), true)
})
