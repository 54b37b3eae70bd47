import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, test } from 'node:test'
import { Router } from '@koa/router'
import { type AppState, goOnWithCallersTrace } from '#src/http-app.ts'
import { Refusal, refuse } from '#src/refusal.ts'
import { setCsp } from '#src/security-headers.ts'
import { anApp, lineAbout } from '#test/builders.ts'

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const TRACEPARENT = `00-${TRACE_ID}-b7ad6b7169203331-01`

describe('a refusal', () => {
  test('is told as code, hint and the correlation id of the trace the caller began', async () => {
    const app = anApp()
    app.router.get('/x', () =>
      refuse(403, 'access_denied', 'not this one', { headers: { 'www-authenticate': 'Bearer' } }),
    )
    const answer = await fetch(`${await app.serve()}/x`, { headers: { traceparent: TRACEPARENT } })
    assert.equal(answer.status, 403)
    assert.equal(answer.headers.get('www-authenticate'), 'Bearer')
    assert.equal(answer.headers.get('x-correlation-id'), TRACE_ID)
    assert.deepEqual(await answer.json(), {
      error: 'access_denied',
      error_description: 'not this one',
      correlation_id: TRACE_ID,
    })
    assert.equal((await lineAbout(app.lines, 'request'))['code'], 'access_denied')
  })

  test('can be told in another tongue', async () => {
    const app = anApp({
      renderRefusal: (ctx, refusal) => {
        ctx.type = 'text/html'
        ctx.body = `<p>${refusal.code}</p>`
      },
    })
    const answer = await fetch(await app.serve())
    assert.equal(answer.status, 404)
    assert.equal(await answer.text(), '<p>not_found</p>')
  })

  test('replaces whatever the route had begun to answer', async () => {
    const app = anApp()
    app.router.get('/x', (ctx) => {
      ctx.body = Buffer.from('half an answer')
      throw new Refusal(400, 'invalid_request', 'on second thoughts')
    })
    const answer = await fetch(`${await app.serve()}/x`)
    assert.equal(answer.status, 400)
    assert.match(answer.headers.get('content-type') ?? '', /json/)
    assert.doesNotMatch(await answer.text(), /half/)
  })
})

describe('where anybody calls', () => {
  test('a trace begins here, and the caller’s goes on once the caller is known', async () => {
    const app = anApp({ startsTrace: () => true })
    app.router.get('/anybody', (ctx) => {
      ctx.body = ctx.state.trace.traceId
    })
    app.router.get('/known', (ctx) => {
      goOnWithCallersTrace(ctx)
      goOnWithCallersTrace(ctx)
      ctx.body = ctx.state.trace.traceId
    })
    const address = await app.serve()
    const ask = async (path: string, headers: Readonly<Record<string, string>> = { traceparent: TRACEPARENT }) => {
      const answer = await fetch(`${address}${path}`, { headers })
      const id = await answer.text()
      assert.equal(answer.headers.get('x-correlation-id'), id)
      assert.ok(answer.headers.get('traceparent')?.includes(id))
      return id
    }
    assert.notEqual(await ask('/anybody'), TRACE_ID)
    assert.equal(await ask('/known'), TRACE_ID)
    assert.match(await ask('/known', {}), /^[0-9a-f]{32}$/)
    assert.match(await ask('/known', { traceparent: 'x' }), /^[0-9a-f]{32}$/)
  })
})

describe('an error of ours', () => {
  test('is answered as server_error and nothing more, and logged whole under the same correlation id', async () => {
    const app = anApp()
    app.router.get('/x/:id', () => {
      throw new Error('the patient store is on fire')
    })
    const answer = await fetch(`${await app.serve()}/x/cdp1001`)
    const body = await answer.text()
    assert.equal(answer.status, 500)
    assert.match(body, /"error":"server_error"/)
    assert.doesNotMatch(body, /fire/)
    const line = await lineAbout(app.lines, 'request-failed')
    assert.equal(line['correlationId'], answer.headers.get('x-correlation-id'))
    assert.match(JSON.stringify(line), /on fire/)
    assert.match(JSON.stringify(line), /http-app\.test\.ts/)
  })

  test('thrown by a library with a status of its own is still ours, so its text stays inside', async () => {
    const app = anApp()
    app.router.get('/x', () => {
      throw Object.assign(new Error('secret detail'), { status: 400, expose: true })
    })
    const answer = await fetch(`${await app.serve()}/x`)
    assert.equal(answer.status, 500)
    assert.doesNotMatch(await answer.text(), /secret detail/)
  })
})

describe('an address', () => {
  test('nobody serves is 404, whatever the method', async () => {
    const url = await anApp().serve()
    for (const method of ['GET', 'POST', 'DELETE'])
      assert.equal((await fetch(`${url}/nowhere`, { method })).status, 404)
  })

  test('served under other methods is 405 and names them, also in a nested router', async () => {
    const app = anApp()
    const inner = new Router<AppState>()
    inner.post('/launches', (ctx) => void (ctx.body = {}))
    app.router.use('/:orgnr/api', inner.routes())
    app.router.get('/:orgnr/apps', (ctx) => void (ctx.body = {}))
    const url = await app.serve()
    const nested = await fetch(`${url}/993467049/api/launches`)
    assert.equal(nested.status, 405)
    assert.equal(nested.headers.get('allow'), 'POST')
    const plain = await fetch(`${url}/993467049/apps`, { method: 'DELETE' })
    assert.equal(plain.headers.get('allow'), 'GET, HEAD')
    assert.equal((await fetch(`${url}/993467049/apps`, { method: 'OPTIONS' })).status, 405)
  })

  test('answers HEAD like GET without the body', async () => {
    const app = anApp()
    app.router.get('/x', (ctx) => void (ctx.body = { a: 1 }))
    const answer = await fetch(`${await app.serve()}/x`, { method: 'HEAD' })
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-length'), '7')
    assert.equal(await answer.text(), '')
  })

  test('a path that is not valid percent-encoding is a refusal, not an error of ours', async () => {
    const app = anApp()
    app.router.get('/x/:id', (ctx) => void (ctx.body = {}))
    const answer = await fetch(`${await app.serve()}/x/%zz`)
    assert.ok(answer.status < 500, `answered ${answer.status}`)
  })
})

describe('a request target', () => {
  const ask = async (line: string, host: string): Promise<string> => {
    const app = anApp()
    app.router.get('/x', (ctx) => {
      ctx.body = ctx.URL.searchParams.get('a')
    })
    const socket = connect(Number(new URL(await app.serve()).port), '127.0.0.1')
    socket.write(`GET ${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    let text = ''
    for await (const piece of socket) text += String(piece)
    return text
  }

  test('in absolute form is the path it names (RFC 9112 §3.2.2)', async () => {
    assert.match(await ask('http://elsewhere.example/x?a=here', 'localhost'), /^HTTP\/1\.1 200 [^]*here/)
    assert.match(await ask('http://elsewhere.example', 'localhost'), /^HTTP\/1\.1 404 /)
  })

  test('under a host that is none is refused (RFC 9112 §3.2)', async () => {
    assert.match(await ask('/x', 'a b'), /^HTTP\/1\.1 400 /)
    assert.match(await ask('/x', 'a:port'), /^HTTP\/1\.1 400 /)
  })

  test('under two hosts is refused, the same one twice as well (RFC 9112 §3.2)', async () => {
    assert.match(await ask('/x', 'localhost\r\nHost: localhost'), /^HTTP\/1\.1 400 /)
    assert.match(await ask('/x', 'localhost\r\nhOsT: elsewhere.example'), /^HTTP\/1\.1 400 /)
    assert.match(await ask('http://localhost/x', 'localhost\r\nHost: elsewhere.example'), /^HTTP\/1\.1 400 /)
  })
})

describe('every answer', () => {
  test('starts closed: no sniffing, framing, caching or referrer', async () => {
    const answer = await fetch(await anApp().serve())
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.equal(answer.headers.get('x-frame-options'), 'DENY')
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/)
    assert.equal(answer.headers.get('strict-transport-security'), null)
    assert.equal(answer.headers.get('x-powered-by'), null)
  })

  test('says https only where the outside address is https', async () => {
    const answer = await fetch(await anApp({ hsts: true }).serve())
    assert.match(answer.headers.get('strict-transport-security') ?? '', /max-age=31536000/)
  })

  test('that may be framed says so in one header only', async () => {
    const app = anApp()
    app.router.get('/x', (ctx) => {
      setCsp(ctx, "default-src 'self'; frame-ancestors http://localhost:4300")
      ctx.body = 'x'
    })
    const answer = await fetch(`${await app.serve()}/x`)
    assert.equal(answer.headers.get('x-frame-options'), null)
    assert.match(answer.headers.get('content-security-policy') ?? '', /frame-ancestors http:\/\/localhost:4300/)
  })
})

describe('other origins', () => {
  const withCors = () => {
    const app = anApp({ cors: (ctx) => (ctx.path === '/open' ? { origin: '*' } : undefined) })
    app.router.post('/open', () => refuse(401, 'invalid_token', 'no token'))
    app.router.get('/closed', (ctx) => void (ctx.body = {}))
    return app
  }
  const ORIGIN = { origin: 'https://app.example' }

  test('hear nothing without a policy', async () => {
    const answer = await fetch(`${await withCors().serve()}/closed`, { headers: ORIGIN })
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
  })

  test('can read a refusal too, never with cookies', async () => {
    const answer = await fetch(`${await withCors().serve()}/open`, { method: 'POST', headers: ORIGIN })
    assert.equal(answer.status, 401)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.match(answer.headers.get('access-control-expose-headers') ?? '', /www-authenticate/)
    assert.equal(answer.headers.get('access-control-allow-credentials'), null)
  })

  test('get their preflight answered without reaching the route', async () => {
    const answer = await fetch(`${await withCors().serve()}/open`, {
      method: 'OPTIONS',
      headers: {
        ...ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization',
      },
    })
    assert.equal(answer.status, 204)
    assert.match(answer.headers.get('access-control-allow-headers') ?? '', /authorization/)
  })
})
