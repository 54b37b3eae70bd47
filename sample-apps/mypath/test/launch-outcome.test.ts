import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failureOf, refusalIn } from '../src/smart/failure.ts'
import { failureWords } from '../src/smart/failure-words.ts'

const httpError = (status: number, message: string): Error =>
  Object.assign(new Error(message), { name: 'HttpError', status, statusCode: status })

describe('what a launch that did not succeed is called', () => {
  test('the error redirect keeps the code, the explanation and the reference for support', () => {
    const address = new URL(
      'http://app.test/index.html?error=invalid_scope&error_description=nothing%20left&correlation_id=4bf92f3577b34da6',
    )
    assert.deepEqual(refusalIn(address), {
      kind: 'refused',
      code: 'invalid_scope',
      explanation: 'nothing left',
      correlationId: '4bf92f3577b34da6',
    })
    assert.equal(refusalIn(new URL('http://app.test/index.html?code=abc&state=def')), undefined)
  })

  test('an explanation of any length stays short on the screen', () => {
    const address = new URL(`http://app.test/?error=access_denied&error_description=${'x'.repeat(5000)}`)
    const refusal = refusalIn(address)
    assert.ok(refusal?.kind === 'refused' && refusal.explanation.length <= 301)
  })

  test('blocked storage is told apart from a page nobody launched', () => {
    const blocked = Object.assign(new Error("Failed to read the 'sessionStorage' property from 'Window'"), {
      name: 'SecurityError',
    })
    assert.equal(failureOf(blocked).kind, 'storage-blocked')
    assert.equal(failureOf(new Error("No 'state' parameter found. Please (re)launch the app.")).kind, 'not-launched')
    assert.equal(failureOf(new Error('No server url found.')).kind, 'not-launched')
  })

  test('401 and invalid_grant end the session, 403 does not', () => {
    assert.equal(failureOf(httpError(401, '401 Unauthorized')).kind, 'expired')
    assert.equal(failureOf(httpError(400, '400 Bad Request\nURL: x\ninvalid_grant: grant is gone')).kind, 'expired')
    assert.equal(failureOf(httpError(403, '403 Forbidden')).kind, 'no-access')
  })

  test('what is hidden and what does not exist sound the same', () => {
    assert.equal(failureOf(httpError(404, '404 Not Found')).kind, 'not-found')
    assert.equal(failureOf(httpError(410, '410 Gone')).kind, 'not-found')
  })

  test('a correlation id in the header of the answer reaches the words', () => {
    const response = new Response(null, {
      status: 403,
      headers: { 'x-correlation-id': 'faa2277042be88521ceb1cee277dfd10' },
    })
    const failure = failureOf(Object.assign(httpError(403, '403 Forbidden'), { response }))
    assert.ok(failureWords(failure).sentences.some((sentence) => sentence.includes('faa2277042be88521ceb1cee277dfd10')))
  })

  test('a correlation id in the answer reaches the words', () => {
    const failure = failureOf(
      httpError(403, '403 Forbidden\n{"diagnostics":"no scope; correlation id: 0af7651916cd43dd"}'),
    )
    assert.ok(failureWords(failure).sentences.some((sentence) => sentence.includes('0af7651916cd43dd')))
  })

  test('a network that is gone is not called an error of the app', () => {
    assert.equal(failureOf(new TypeError('Failed to fetch')).kind, 'unreachable')
  })
})
