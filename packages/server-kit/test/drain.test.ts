import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { drain, trackRequests } from '#src/drain.ts'

test('a request that never ends is cut off when the grace is over', async () => {
  const reached = Promise.withResolvers<void>()
  const server = createServer(() => reached.resolve())
  trackRequests(server)
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const asked = fetch(`http://127.0.0.1:${port}/`)
  await reached.promise
  await Promise.all([assert.rejects(asked), drain([server], 50)])
})
