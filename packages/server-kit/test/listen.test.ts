import assert from 'node:assert/strict'
import { Agent, get, type IncomingMessage } from 'node:http'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'
import { describe, test } from 'node:test'
import { listen, PortTaken } from '#src/listen.ts'
import { anApp } from '#test/builders.ts'

const ask = (url: string, agent: Agent): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume()
      response.once('end', () => resolve(response))
    }).once('error', reject)
  })

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
)

describe('listening', () => {
  test('answers on both loopback addresses under one port', { skip: hasIpv6 ? false : 'no ::1 here' }, async () => {
    const server = await listen(anApp().handler, { port: 0, name: 'test' })
    assert.equal((await fetch(`http://127.0.0.1:${server.port}/health/live`)).status, 200)
    assert.equal((await fetch(`http://[::1]:${server.port}/health/live`)).status, 200)
    await server.close()
  })

  test('a taken port is one line with the name, the port and what to change', async () => {
    const first = await listen(anApp().handler, { port: 0, name: 'first' })
    const second = listen(anApp().handler, {
      port: first.port,
      name: 'auth',
      setting: 'addresses.auth in the deployment',
    })
    await assert.rejects(second, (error) => {
      assert.ok(error instanceof PortTaken)
      assert.equal(
        error.message,
        `auth: port ${first.port} is taken; stop what holds it or set addresses.auth in the deployment`,
      )
      return true
    })
    await first.close()
  })

  test('a port that is taken on one address only is not half used', {
    skip: hasIpv6 ? false : 'no ::1 here',
  }, async () => {
    const { createServer } = await import('node:http')
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen({ host: '::1', port: 0 }, resolve))
    const address = holder.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await assert.rejects(listen(anApp().handler, { port, name: 'auth' }), PortTaken)
    await assert.rejects(fetch(`http://127.0.0.1:${port}/`))
    holder.close()
  })
})

describe('closing', () => {
  test('lets a request in flight finish and refuses new ones', async () => {
    const app = anApp()
    const reached = Promise.withResolvers<void>()
    const release = Promise.withResolvers<void>()
    app.router.get('/slow', async (ctx) => {
      reached.resolve()
      await release.promise
      ctx.body = 'done'
    })
    const server = await listen(app.handler, { port: 0, name: 'test' })
    const url = `http://127.0.0.1:${server.port}`
    const agent = new Agent({ keepAlive: true })
    const slow = ask(`${url}/slow`, agent)
    await reached.promise
    const closing = server.close()
    await assert.rejects(ask(`${url}/health/live`, new Agent()), { code: 'ECONNREFUSED' })
    release.resolve()
    const answer = await slow
    assert.equal(answer.statusCode, 200)
    assert.equal(answer.headers.connection, 'close')
    await closing
    agent.destroy()
  })

  test('does not wait for idle keep-alive connections, nor for ones that never sent a request', async () => {
    const server = await listen(anApp().handler, { port: 0, name: 'test' })
    const agent = new Agent({ keepAlive: true })
    await ask(`http://127.0.0.1:${server.port}/health/live`, agent)
    const silent = createConnection(server.port, '127.0.0.1')
    await new Promise((resolve) => silent.once('connect', resolve))
    const start = performance.now()
    await server.close()
    assert.ok(performance.now() - start < 4000, 'closing waits 5 s for those who have asked')
    agent.destroy()
    silent.destroy()
  })

  test('twice is once', async () => {
    const server = await listen(anApp().handler, { port: 0, name: 'test' })
    await Promise.all([server.close(), server.close()])
  })
})
