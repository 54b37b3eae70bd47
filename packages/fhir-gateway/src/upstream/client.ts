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

export interface UpstreamClient {
  /** One whole exchange. Throws 504 when the server stays silent past its time, 502 when it cannot be talked to. */
  call(request: UpstreamRequest): Promise<UpstreamAnswer>
  /** Hands over the answer as soon as its headers are here; silence between two pieces ends it. */
  open(request: UpstreamRequest): Promise<IncomingMessage>
  close(): void
}

/** Larger answers are not parsed: a page of search results is far below this. */
const ANSWER_LIMIT = 32 * 1024 * 1024

type Silence = { readonly kind: 'silence' }
const SILENCE: Silence = { kind: 'silence' }

/**
 * The one client for what stands behind the gateway: plain sockets kept alive, no redirects, no decompression.
 *
 * `fetch` would follow redirects to anywhere and costs more than the whole decision.
 */
export function createUpstreamClient(options: { readonly timeoutMs: number }): UpstreamClient {
  const agents = {
    http: new http.Agent({ keepAlive: true, maxSockets: 256 }),
    https: new https.Agent({ keepAlive: true, maxSockets: 256 }),
  }

  function send(request: UpstreamRequest, retried = false): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const secure = request.url.startsWith('https:')
      const settings = { method: request.method, headers: request.headers, agent: secure ? agents.https : agents.http }
      const outgoing = (secure ? https : http).request(request.url, settings)
      const abandon = () => outgoing.destroy(new Error('the caller has gone away'))
      const timer = setTimeout(() => outgoing.destroy(Object.assign(new Error('silence'), SILENCE)), options.timeoutMs)
      const settle = () => {
        clearTimeout(timer)
        request.signal?.removeEventListener('abort', abandon)
      }
      request.signal?.addEventListener('abort', abandon, { once: true })
      outgoing.on('response', (incoming) => {
        clearTimeout(timer)
        incoming.once('close', settle)
        incoming.setTimeout(options.timeoutMs, () => incoming.destroy(Object.assign(new Error('silence'), SILENCE)))
        resolve(incoming)
      })
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        settle()
        // A kept-alive socket may have been closed by the other side just as we wrote to it: nothing was read, so ask once more.
        const stale = outgoing.reusedSocket && error.code === 'ECONNRESET' && request.method === 'GET' && !retried
        if (stale) resolve(send(request, true))
        else reject(failure(error))
      })
      outgoing.end(request.body)
    })
  }

  async function call(request: UpstreamRequest): Promise<UpstreamAnswer> {
    const incoming = await send(request)
    return { status: incoming.statusCode ?? 0, headers: incoming.headers, body: await collect(incoming) }
  }

  return {
    call,
    open: send,
    close: () => {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
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
    incoming.on('aborted', () => reject(failure(new Error('the answer broke off'))))
  })
}

const failure = (error: Error): Error =>
  'kind' in error && error.kind === SILENCE.kind ? upstreamSilent(error) : upstreamFailed(error)
