import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { formatDecision } from '@uthopp/policy/authzen/decision'
import { publicJwks, type SigningKey } from '@uthopp/server-kit/keys'
import { answerOf } from './policy-stub.ts'

type Event = { readonly kind: string; readonly id: string; readonly at: string; readonly sequence: string }

/** An authorization server for every trust: keys, discovery, a token for the gateway and the stream of what it revokes. */
export type IssuerStub = {
  readonly origin: string
  up: boolean
  configuration: Record<string, unknown>
  /** What the stream does: beats, says nothing, or refuses whoever asks. */
  stream: 'beating' | 'silent' | 'refusing'
  /** Part of every token it gives; whatever it gave before another one was chosen it takes no more. */
  era: string
  /** What introspection answers, by the token asked about; every other token is not active. */
  readonly known: Map<string, Readonly<Record<string, unknown>>>
  /** The tokens asked about, newest last. */
  readonly introspected: string[]
  /** What its decision point was asked with, newest last; it permits everything. */
  readonly decided: (string | undefined)[]
  /** Where readers began, newest last. */
  readonly readers: { readonly orgnr: string; readonly after: string | undefined }[]
  revoke(orgnr: string, kind: string, id: string, at?: Date): void
  /** Writes whatever it is given to the readers of one trust. */
  say(orgnr: string, text: string): void
  /** Ends every stream as a process that is killed does. */
  cut(): void
  close(): Promise<void>
}

const BEAT_MS = 50

export async function startIssuer(jwk: JWK, gatewayKey: SigningKey): Promise<IssuerStub> {
  const events = new Map<string, Event[]>()
  const open = new Set<{ readonly orgnr: string; readonly res: ServerResponse }>()
  const gatewayKeys = createLocalJWKSet(publicJwks([gatewayKey]))
  const eventsOf = (orgnr: string): Event[] => {
    const known = events.get(orgnr) ?? []
    events.set(orgnr, known)
    return known
  }
  const position = (orgnr: string): string => `stub.${eventsOf(orgnr).length}`
  const beat = (orgnr: string): string => `${JSON.stringify({ kind: 'heartbeat', sequence: position(orgnr) })}\n`
  const lineOf = (event: Event): string => `${JSON.stringify(event)}\n`

  async function give(req: IncomingMessage, res: ServerResponse, orgnr: string): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of req) pieces.push(Buffer.from(piece as Uint8Array))
    const form = new URLSearchParams(Buffer.concat(pieces).toString('utf8'))
    const { payload } = await jwtVerify(form.get('client_assertion') ?? '', gatewayKeys, {
      issuer: 'gateway',
      subject: 'gateway',
      audience: `${stub.origin}/${orgnr}/token`,
      requiredClaims: ['jti', 'exp'],
    })
    const what = {
      __revocations: 'stream',
      __introspect: 'introspect',
      '__pdp.evaluate': 'pdp',
    }[form.get('scope') ?? '']
    if (payload.jti === undefined || what === undefined) throw new Error('not the gateway')
    res.end(JSON.stringify({ access_token: `${what}-of-${orgnr}${stub.era}`, token_type: 'Bearer', expires_in: 300 }))
  }

  async function introspect(req: IncomingMessage, res: ServerResponse, orgnr: string): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of req) pieces.push(Buffer.from(piece as Uint8Array))
    if (!stub.up || req.headers.authorization !== `Bearer introspect-of-${orgnr}${stub.era}`) {
      res.writeHead(stub.up ? 401 : 503).end('{}')
      return
    }
    const token = new URLSearchParams(Buffer.concat(pieces).toString('utf8')).get('token') ?? ''
    stub.introspected.push(token)
    res.end(JSON.stringify(stub.known.get(token) ?? { active: false }))
  }

  async function decide(req: IncomingMessage, res: ServerResponse, orgnr: string): Promise<void> {
    const pieces: Buffer[] = []
    for await (const piece of req) pieces.push(Buffer.from(piece as Uint8Array))
    stub.decided.push(req.headers.authorization)
    if (!req.headers.authorization?.endsWith(`-of-${orgnr}${stub.era}`)) return void res.writeHead(401).end('{}')
    const { evaluations } = JSON.parse(Buffer.concat(pieces).toString('utf8')) as { evaluations: unknown[] }
    const decisions = evaluations.map(() => formatDecision(answerOf()))
    res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ evaluations: decisions }))
  }

  function stream(req: IncomingMessage, res: ServerResponse, orgnr: string, after: string | undefined): void {
    stub.readers.push({ orgnr, after })
    if (stub.stream === 'refusing' || req.headers.authorization !== `Bearer stream-of-${orgnr}${stub.era}`) {
      res.writeHead(401).end()
      return
    }
    res.writeHead(200, { 'content-type': 'application/x-ndjson' })
    res.flushHeaders()
    const reader = { orgnr, res }
    open.add(reader)
    res.once('close', () => open.delete(reader))
    for (const event of eventsOf(orgnr).slice(Number(after?.split('.')[1] ?? 0))) res.write(lineOf(event))
    if (stub.stream === 'beating') res.write(beat(orgnr))
  }

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'http://stub')
    const [, orgnr = '', ...rest] = url.pathname.split('/')
    if (rest.join('/') === 'token') return give(req, res, orgnr)
    if (rest.join('/') === 'introspect') return introspect(req, res, orgnr)
    if (rest.join('/') === 'pdp/access/v1/evaluations') return decide(req, res, orgnr)
    // Its decision point publishes nothing about itself.
    if (rest[0] === 'authzen-configuration') return void res.writeHead(404).end()
    if (rest.join('/') === 'revocations') return stream(req, res, orgnr, url.searchParams.get('after') ?? undefined)
    res.writeHead(stub.up ? 200 : 503, { 'content-type': 'application/json' })
    res.end(JSON.stringify(rest.join('/') === 'jwks' ? { keys: [jwk] } : stub.configuration))
  }

  const server = http.createServer((req, res) => {
    answer(req, res).catch(() => res.writeHead(400).end('{}'))
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const timer = setInterval(() => {
    if (stub.stream === 'beating') for (const { orgnr, res } of open) res.write(beat(orgnr))
  }, BEAT_MS)
  const stub: IssuerStub = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, // a TCP server has an address
    up: true,
    configuration: {},
    stream: 'beating',
    era: '',
    known: new Map(),
    introspected: [],
    decided: [],
    readers: [],
    revoke(orgnr, kind, id, at = new Date()) {
      const known = eventsOf(orgnr)
      const event = { kind, id, at: at.toISOString(), sequence: `stub.${known.length + 1}` }
      known.push(event)
      stub.say(orgnr, lineOf(event))
    },
    say(orgnr, text) {
      for (const reader of open) if (reader.orgnr === orgnr) reader.res.write(text)
    },
    cut() {
      for (const { res } of open) res.destroy()
    },
    async close() {
      clearInterval(timer)
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
  return stub
}
