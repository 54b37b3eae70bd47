import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { childTrace, newTrace, parseTraceparent, tracedFetch } from '#src/trace.ts'
import { serve } from '#test/builders.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const HEADER = `00-${TRACE_ID}-b7ad6b7169203331-01`

describe('traceparent', () => {
  test('a valid header is continued with a new span of the same trace', () => {
    const parent = parseTraceparent(HEADER)
    assert.ok(parent)
    const child = childTrace(parent)
    assert.equal(child.traceId, TRACE_ID)
    assert.notEqual(child.spanId, parent.spanId)
    assert.deepEqual(parseTraceparent(child.traceparent), child)
  })

  test('a later version may say more; version ff and anything malformed starts afresh', () => {
    assert.equal(parseTraceparent(`01-${HEADER.slice(3)}-extra`)?.traceId, TRACE_ID)
    const wrong = [
      undefined,
      '',
      'x',
      `${HEADER}-extra`,
      `ff-${HEADER.slice(3)}`,
      HEADER.toUpperCase(),
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
      `${HEADER}\n`.repeat(2),
    ]
    for (const header of wrong) assert.equal(parseTraceparent(header), undefined)
  })
})

describe('calling another process', () => {
  test('the trace goes along', async () => {
    const url = await serve((req, res) => res.end(req.headers['traceparent']))
    const trace = newTrace()
    const heard = parseTraceparent(await (await tracedFetch(trace, url)).text())
    assert.equal(heard?.traceId, trace.traceId)
    assert.notEqual(heard?.spanId, trace.spanId)
  })

  test('who does not answer in time is given up', async () => {
    const url = await serve(() => undefined)
    await assert.rejects(tracedFetch(newTrace(), url, { timeoutMs: 50 }), { name: 'TimeoutError' })
  })

  test('a redirect is not followed, so the service token never travels on', async () => {
    let followed = false
    const other = await serve((_req, res) => {
      followed = true
      res.end()
    })
    const url = await serve((_req, res) => res.writeHead(302, { location: other }).end())
    await assert.rejects(tracedFetch(newTrace(), url, { headers: { authorization: 'Bearer x' } }))
    assert.equal(followed, false)
  })
})
