import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { describe, test } from 'node:test'
import { anApp, lineAbout } from '#test/builders.ts'

describe('the access log and the metrics', () => {
  test('know the route template, never the path or the query', async () => {
    const app = anApp()
    app.router.get('/:orgnr/start/:secret', (ctx) => void (ctx.body = {}))
    const url = await app.serve()
    await fetch(`${url}/993467049/start/kort?patient=cdp1001`)
    const line = await lineAbout(app.lines, 'request')
    assert.equal(line['route'], '/:orgnr/start/:secret')
    assert.equal(line['status'], 200)
    assert.equal(typeof line['durationMs'], 'number')
    assert.doesNotMatch(app.lines.join(''), /kort|cdp1001/)
    const metrics = await (await fetch(`${url}/metrics`)).text()
    assert.match(metrics, /http_request_duration_seconds_count\{.*route="\/:orgnr\/start\/:secret".*\} 1/)
    assert.doesNotMatch(metrics, /kort/)
  })

  test('name a handler that was mounted past the router by the template it gives itself', async () => {
    const app = anApp()
    app.koa.use((ctx, next) => {
      if (!ctx.path.startsWith('/raw/')) return next()
      ctx.respond = false
      ctx.state.route = '/raw/:anything'
      ctx.res.writeHead(200).end('raw')
      return undefined
    })
    const answer = await fetch(`${await app.serve()}/raw/kort`)
    assert.equal(await answer.text(), 'raw')
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.equal((await lineAbout(app.lines, 'request'))['route'], '/raw/:anything')
  })

  test('tell of a caller who left before the answer', async () => {
    const app = anApp()
    const reached = Promise.withResolvers<void>()
    app.router.get('/slow', async (ctx) => {
      reached.resolve()
      await new Promise((resolve) => ctx.res.once('close', resolve))
    })
    const impatient = new AbortController()
    const asked = fetch(`${await app.serve()}/slow`, { signal: impatient.signal })
    await reached.promise
    impatient.abort()
    await assert.rejects(asked)
    assert.equal((await lineAbout(app.lines, 'request'))['status'], 499)
  })

  test('take a reader who leaves a stream for no error', async () => {
    const app = anApp()
    app.router.get('/x', (ctx) => {
      ctx.body = Readable.from(endless())
    })
    const answer = await fetch(`${await app.serve()}/x`)
    await answer.body?.cancel()
    assert.equal((await lineAbout(app.lines, 'request'))['status'], 200)
    assert.doesNotMatch(app.lines.join(''), /broken-off/)
  })
})

async function* endless(): AsyncGenerator<string> {
  for (;;) {
    yield 'x'
    await new Promise((later) => setTimeout(later, 5))
  }
}

describe('health', () => {
  test('is ready, or says in one line why not', async () => {
    let reason: string | undefined = 'the discovery document is not fetched yet'
    const url = await anApp({ ready: () => Promise.resolve(reason) }).serve()
    const waiting = await fetch(`${url}/health/ready`)
    assert.equal(waiting.status, 503)
    assert.match(await waiting.text(), /not fetched yet/)
    reason = undefined
    assert.equal((await fetch(`${url}/health/ready`)).status, 200)
    assert.equal((await fetch(`${url}/health/live`)).status, 200)
  })

  test('a check that throws is not ready, and its error stays inside', async () => {
    const url = await anApp({ ready: () => Promise.reject(new Error('inner detail')) }).serve()
    const answer = await fetch(`${url}/health/ready`)
    assert.equal(answer.status, 503)
    assert.doesNotMatch(await answer.text(), /inner detail/)
  })

  test('is not written to the access log', async () => {
    const app = anApp()
    const url = await app.serve()
    await fetch(`${url}/health/live`)
    await fetch(`${url}/x`)
    await lineAbout(app.lines, 'request')
    assert.equal(app.lines.length, 1)
  })
})
