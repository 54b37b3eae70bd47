import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failureOf } from '../src/smart/failure.ts'
import { failureWords } from '../src/smart/failure-words.ts'
import { patiently, waitAfter } from '../src/smart/patience.ts'

const refusal = (status: number, headers: Record<string, string> = {}): Error =>
  Object.assign(new Error(`${status}`), { status, response: new Response(null, { status, headers }) })

/** Throws these in turn, then answers; notes how long each pause was. */
function server(...errors: readonly Error[]) {
  const left = [...errors]
  const pauses: number[] = []
  let asked = 0
  const read = async (): Promise<string> => {
    asked += 1
    const error = left.shift()
    if (error) throw error
    return 'answer'
  }
  const pause = async (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds)
  }
  return { ask: (signal?: AbortSignal) => patiently(read, signal, pause), asked: () => asked, pauses }
}

describe('a read the server could not answer just now', () => {
  test('is asked again after as long as Retry-After says, and then answered', async () => {
    const { ask, pauses } = server(refusal(503, { 'retry-after': '2' }))
    assert.equal(await ask(), 'answer')
    assert.deepEqual(pauses, [2000])
  })

  test('is asked three times and not a fourth', async () => {
    const { ask, asked } = server(...Array.from({ length: 4 }, () => refusal(503)))
    await assert.rejects(ask(), { status: 503 })
    assert.equal(asked(), 3)
  })

  test('is not asked again where the answer was no', async () => {
    for (const status of [400, 401, 403, 404, 500]) {
      const { ask, asked } = server(refusal(status))
      await assert.rejects(ask(), { status })
      assert.equal(asked(), 1, String(status))
    }
  })

  test('is not asked again for a screen that is gone', async () => {
    const gone = new AbortController()
    gone.abort()
    const { ask, asked } = server(refusal(503))
    await assert.rejects(ask(gone.signal), { name: 'AbortError' })
    assert.equal(asked(), 1)
  })

  test('no server makes a person wait longer than five seconds', () => {
    assert.equal(waitAfter(refusal(503, { 'retry-after': '3600' }), 0), 5000)
    assert.equal(waitAfter(refusal(503, { 'retry-after': 'Fri, 20 Nov 2026 12:00:00 GMT' }), 1), 2000)
    assert.equal(waitAfter(new Error('no answer'), 0), 1000)
  })

  test('is told in plain words', () => {
    const words = failureWords(failureOf(refusal(503)))
    assert.equal(words.title, 'Kunne ikke leses')
    assert.doesNotMatch(JSON.stringify([words, failureWords(failureOf(refusal(500)))]), /HTTP|50\d/)
  })

  test('a refusal says whether the app or the person lacks access', () => {
    const app = failureOf(refusal(403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }))
    assert.match(failureWords(app).sentences[0] ?? '', /^Appen /)
    assert.match(failureWords(failureOf(refusal(403))).sentences[0] ?? '', /^Rollen din /)
  })
})
