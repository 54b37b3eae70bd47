import { EventEmitter, once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'

export type Heard = {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
  readonly traceparent: string | undefined
}

/** What the host needs of an authorization server, over real HTTP and with a real check of the host's signature. */
export type ListeningServer = {
  readonly address: string
  /** Offers and endings, in order. */
  readonly heard: Heard[]
  /** The next offer or ending to come. */
  readonly next: () => Promise<Heard>
  /** How it answers offers and endings from now on. */
  mood: 'well' | 'refusing' | 'away'
  /** How many have found it away. */
  turnedAway: number
  /** What happens while the host waits for the answer to an offer. */
  meanwhile: (() => Promise<unknown>) | undefined
  /** What stands in the access log of every patient, and who has asked for it. */
  log: readonly object[]
  readonly logReaders: string[]
  /** What its decision point answers a page of questions with; undefined: it has none. */
  decides: ((page: Readonly<Record<string, unknown>>) => Promise<object>) | undefined
  /** Part of every token it gives; whatever it gave before another one was chosen it takes no more. */
  era: string
  /** Where the hosts publish their keys; known only once the host listens. */
  host: string
  readonly close: () => Promise<void>
}

export const HANDLE = 'Hh4-the-handle-nobody-but-the-host-may-know-0123456'

export async function startAuthorizationServer(): Promise<ListeningServer> {
  const heard: Heard[] = []
  const events = new EventEmitter<{ heard: [Heard] }>()
  let launches = 0
  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const serve = async () => {
      const text = await readAll(request)
      const [, orgnr = '', ...rest] = (request.url ?? '').split('/')
      const path = `/${rest.join('/')}`
      if (path === '/token') {
        const assertion = new URLSearchParams(text).get('client_assertion') ?? ''
        await jwtVerify(assertion, createRemoteJWKSet(new URL(`${self.host}/${orgnr}/jwks.json`)), {
          issuer: 'host',
          audience: `${self.address}/${orgnr}/token`,
        })
        return answer(200, { access_token: `token-of-${orgnr}${self.era}`, token_type: 'Bearer', expires_in: 300 })
      }
      if (request.headers.authorization !== `Bearer token-of-${orgnr}${self.era}`)
        return answer(401, { error: 'invalid_token' })
      if (self.mood === 'away') {
        self.turnedAway += 1
        return request.socket.destroy()
      }
      if (path === '/pdp/access/v1/evaluations') {
        if (self.decides === undefined) return answer(503, { error: 'temporarily_unavailable' })
        return answer(200, await self.decides(JSON.parse(text) as Readonly<Record<string, unknown>>)) // as the client formats it
      }
      if (path.startsWith('/audit/patient/')) {
        self.logReaders.push(`${path} ${String(request.headers['x-on-behalf-of'])}`)
        // A hundred at a time, like the real one; the place is the number of lines before it.
        const { searchParams } = new URL(path, self.address)
        const from = Number(searchParams.get('_cursor') ?? 0)
        if (Number.isNaN(from)) return answer(400, { error: 'invalid_request' })
        const next = from + 100 < self.log.length ? String(from + 100) : null
        return answer(200, { entries: self.log.slice(from, from + 100), next })
      }
      if (self.mood === 'refusing') return answer(400, { error: 'invalid_request', error_description: 'secret detail' })
      const body = Object.fromEntries(Object.entries(JSON.parse(text) as object)) // only JSON objects are sent here
      const { traceparent } = request.headers
      const one: Heard = { path: `/${orgnr}${path}`, body, traceparent: traceparent?.toString() }
      heard.push(one)
      events.emit('heard', one)
      if (path === '/launches/end') return answer(200, { ended: 1 })
      await self.meanwhile?.()
      launches += 1
      const start = `${self.address}/${orgnr}/start/${launches}`
      return answer(201, { launch: `${HANDLE}${launches}`, start_url: start, expires_at: '2030-01-01T00:00:00Z' })
    }
    serve().catch(() => answer(401, { error: 'invalid_client' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const self: ListeningServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // listening on a port, not a pipe
    heard,
    next: async () => {
      const [one] = await once(events, 'heard')
      return one as Heard // the only thing that is emitted
    },
    mood: 'well',
    turnedAway: 0,
    meanwhile: undefined,
    log: [],
    logReaders: [],
    decides: undefined,
    era: '',
    host: '',
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return self
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Buffer)) // an http body is bytes
  return Buffer.concat(chunks).toString('utf8')
}
