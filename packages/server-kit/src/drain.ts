import type { Server, ServerResponse } from 'node:http'

const inFlight = new WeakMap<Server, Set<ServerResponse>>()
const GRACE_MS = 5000

/** Remembers which answers are still being made, so that closing can wait for them and for nothing else. */
export function trackRequests(server: Server): void {
  const answers = new Set<ServerResponse>()
  inFlight.set(server, answers)
  server.prependListener('request', (_request, response) => {
    answers.add(response)
    response.once('close', () => answers.delete(response))
    if (!server.listening) response.shouldKeepAlive = false
  })
}

/** Stops accepting, ends idle connections at once and busy ones when they have answered, the rest after five seconds. */
export async function drain(servers: readonly Server[], graceMs = GRACE_MS): Promise<void> {
  await Promise.all(servers.map((server) => drainOne(server, graceMs)))
}

async function drainOne(server: Server, graceMs: number): Promise<void> {
  if (!server.listening) return
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  for (const response of inFlight.get(server) ?? []) {
    response.shouldKeepAlive = false
    // An answer whose headers already promised keep-alive leaves an idle connection behind.
    response.once('close', () => setImmediate(() => server.closeIdleConnections()))
  }
  server.closeIdleConnections()
  const limit = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(limit)
}
