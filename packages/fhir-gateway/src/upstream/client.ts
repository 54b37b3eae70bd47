import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import https from 'node:https'
import { upstreamFailed, upstreamSilent } from '#src/http/refusals.ts'

export type UpstreamRequest = {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Ends the call when the one who asked has gone away. */
  readonly signal?: AbortSignal
}

export type UpstreamAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer }

export type UpstreamClient = {
  /** One whole exchange. Throws 504 when the server stays silent past its time, 502 when it cannot be talked to. */
  readonly call: (request: UpstreamRequest) => Promise<UpstreamAnswer>
  /** Hands over the answer as soon as its headers are here; silence between two pieces ends it. */
  readonly open: (request: UpstreamRequest) => Promise<IncomingMessage>
  readonly close: () => void
}

/** Larger answers are not parsed: a page of search results is far below this. */
const ANSWER_LIMIT = 32 * 1024 * 1024

class Silence extends Error {
  override readonly name = 'Silence'
}

/**
 * The one client for what stands behind the gateway: plain sockets kept alive, no redirects, no decompression.
 *
 * `fetch` would follow redirects to anywhere and costs more than the whole decision.
 */
export function createUpstreamClient({ timeoutMs }: { readonly timeoutMs: number }): UpstreamClient {
  const agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 256 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 256 }),
  }

  function open(request: UpstreamRequest, retried = false): Promise<IncomingMessage> {
    const { signal } = request
    if (signal?.aborted) return Promise.reject(upstreamFailed(new Error('the caller has gone away')))
    return new Promise((resolve, reject) => {
      const secure = request.url.startsWith('https:')
      const settings = { method: request.method, headers: request.headers, agent: secure ? agents.https : agents.http }
      const outgoing = (secure ? https : http).request(request.url, settings)
      const abandon = (): void => {
        outgoing.destroy(new Error('the caller has gone away'))
      }
      const timer = setTimeout(() => outgoing.destroy(new Silence()), timeoutMs)
      signal?.addEventListener('abort', abandon, { once: true })
      outgoing.once('close', () => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abandon)
      })
      outgoing.on('response', (incoming) => {
        clearTimeout(timer)
        endWhenSilent(incoming, timeoutMs)
        resolve(incoming)
      })
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // A kept-alive socket may have been closed by the other side just as we wrote to it: nothing was read, so ask once more.
        const stale = outgoing.reusedSocket && error.code === 'ECONNRESET' && request.method === 'GET' && !retried
        if (stale) resolve(open(request, true))
        else reject(failure(error))
      })
      outgoing.end(request.body)
    })
  }

  return {
    open,
    async call(request) {
      const incoming = await open(request)
      return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await collect(incoming) }
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

/** A server that stops in the middle of an answer holds nobody for longer than one that never begins. */
function endWhenSilent(incoming: IncomingMessage, timeoutMs: number): void {
  const { socket } = incoming
  const end = (): void => {
    incoming.destroy(new Silence())
  }
  socket.setTimeout(timeoutMs, end)
  incoming.once('close', () => {
    // The socket lives on in the pool, and must not carry this answer's alarm into the next one.
    socket.removeListener('timeout', end)
    socket.setTimeout(0)
  })
}

function collect(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    incoming.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > ANSWER_LIMIT) incoming.destroy(new Error('the answer is too large'))
      else pieces.push(piece)
    })
    incoming.on('end', () => resolve(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)))
    incoming.on('error', (error) => reject(failure(error)))
  })
}

const failure = (error: Error): Error => (error instanceof Silence ? upstreamSilent(error) : upstreamFailed(error))
