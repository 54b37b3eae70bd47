import assert from 'node:assert/strict'
import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { problem } from '@uthopp/smart-core/problem'
import { type FollowedStream, followStream } from '#src/follow-stream.ts'
import { createLog } from '#src/log.ts'

const SILENCE_MS = 1000

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('it did not come to hold in time')
    await new Promise((later) => setTimeout(later, 10))
  }
}

describe('a stream that is followed', () => {
  const readers: { readonly after: string | null; readonly authorization: string | undefined }[] = []
  let open: ServerResponse | undefined
  let status = 200
  const server = http.createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://stub')
    readers.push({ after: url.searchParams.get('after'), authorization: req.headers.authorization })
    res.writeHead(status).flushHeaders()
    open = res
  })
  let stream: FollowedStream
  const events: string[] = []
  let heartbeats = 0

  before(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  beforeEach(() => {
    readers.length = 0
    events.length = 0
    heartbeats = 0
    status = 200
    stream = followStream<string>({
      name: 'test-stream',
      tenant: '993467049',
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/changes`, // a TCP server has an address
      authorization: () => Promise.resolve('Bearer of-the-tests'),
      log: createLog({ name: 'test', level: 'silent', write: () => undefined }),
      silenceMs: SILENCE_MS,
      parse: (text) => {
        const [sequence = '', event = ''] = text.split(' ')
        return event === 'odd'
          ? problem('', 'not understood')
          : { sequence, event: event === 'beat' ? 'heartbeat' : event }
      },
      onEvent: (event) => events.push(event),
      onHeartbeat: () => {
        heartbeats += 1
      },
    })
  })
  afterEach(() => {
    stream.close()
    server.closeAllConnections()
  })

  test('is fresh from a heartbeat on, not from being connected or from what it tells', async () => {
    await until(() => readers.length > 0)
    open?.write('1 something\n')
    await until(() => events.length === 1)
    assert.equal(stream.isFresh(), false)
    open?.write('1 beat\n')
    await until(() => stream.isFresh())
    assert.deepEqual([events, heartbeats], [['something'], 1])
    assert.equal(readers[0]?.authorization, 'Bearer of-the-tests')
  })

  test('is no longer fresh once it is silent, and is asked for again from where it was', async () => {
    await until(() => readers.length > 0)
    open?.write('7 beat\n')
    await until(() => stream.isFresh())
    await until(() => !stream.isFresh())
    await until(() => readers.length > 1)
    assert.equal(readers.at(-1)?.after, '7')
  })

  test('is begun again at a line that is not understood, and what was cut short counts for nothing', async () => {
    await until(() => readers.length > 0)
    open?.write('1 first\n2 odd\n3 second\n4 thi')
    await until(() => readers.length > 1)
    assert.deepEqual([events, readers.at(-1)?.after], [['first'], '1'])
  })

  test('that refuses opens nothing, and is asked again', async () => {
    status = 401
    server.closeAllConnections()
    await until(() => readers.length > 2)
    assert.equal(stream.isFresh(), false)
  })
})
