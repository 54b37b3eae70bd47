import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

type Open = { readonly sockets: Set<Socket>; readonly answers: Set<ServerResponse> }

const open = new WeakMap<Server, Open>()
const GRACE_MS = 5000

/** Remembers connections and the answers still being made, so that closing can wait for the latter and nothing else. */
export function trackRequests(server: Server): void {
  const { sockets, answers }: Open = { sockets: new Set(), answers: new Set() }
  open.set(server, { sockets, answers })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
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
  const { sockets, answers } = open.get(server) ?? { sockets: [], answers: [] }
  const busy = new Set<Socket | null>()
  for (const response of answers) {
    busy.add(response.socket)
    response.shouldKeepAlive = false
    // An answer whose headers already promised keep-alive leaves an idle connection behind.
    response.once('close', () => setImmediate(() => server.closeIdleConnections()))
  }
  // Node's closeIdleConnections leaves those that have not sent a request yet; browsers open such ones ahead of need.
  for (const socket of sockets) if (!busy.has(socket)) socket.destroy()
  const limit = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(limit)
}
