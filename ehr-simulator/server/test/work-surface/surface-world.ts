import type { RequestListener } from 'node:http'
import type { Deployment } from '@uthopp/server-kit/deployment'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import type { Database } from '@uthopp/storage/database'
import { openDatabase } from '@uthopp/storage/open'
import type { CareRooms } from '#src/facts/care-facts.ts'
import type { FhirStore } from '#src/fhir/repository.ts'
import { createHost } from '#src/http/host-app.ts'
import { startAuthorizationServer, type ListeningServer } from './authorization-server.ts'

export const OUS = '993467049'
export const AHUS = '983971636'
export const PASSWORD = 'uthopp-demo'

type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>>; readonly headers: Headers }

/** One browser at one trust: it keeps the cookie and sends the origin, as browsers do. */
export type Screen = {
  readonly get: (path: string) => Promise<Answer>
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Answer>
  readonly signIn: (username: string, role?: string) => Promise<Answer>
  cookie: string
}

export type SurfaceWorld = {
  readonly address: string
  readonly deployment: Deployment
  readonly database: Database
  readonly authorizationServer: ListeningServer
  readonly logLines: string[]
  /** Starts looking for sessions that are over, which other tests have no use for. */
  readonly startSweeping: (everyMs: number) => void
  /** Moves the host's clock. */
  readonly pass: (minutes: number) => void
  readonly screen: (orgnr?: string) => Screen
  /** A citizen’s browser at the citizens’ own door. */
  readonly home: (orgnr?: string) => Screen
  readonly facts: (orgnr?: string) => CareRooms
  /** A trust’s own resources, behind the work surface’s back. */
  readonly store: (orgnr?: string) => FhirStore
  readonly close: () => Promise<void>
}

const app = (clientId: string, contexts: readonly string[]) => ({
  clientId,
  name: clientId,
  origin: 'http://127.0.0.1:9',
  launchUris: ['http://127.0.0.1:9/launch.html'],
  redirectUris: ['http://127.0.0.1:9/'],
  scope: 'launch',
  contexts,
})

/** A whole host on its own port with a real database, real keys, and an authorization server that listens. */
export async function startSurfaceWorld(
  /** What OUS says about its policy, once the authorization server has an address. */
  policyAt: (addresses: { readonly auth: string; readonly host: string }) => object = () => ({}),
): Promise<SurfaceWorld> {
  const authorizationServer = await startAuthorizationServer()
  let late = 0
  const now = () => new Date(Date.now() + late)
  // The host must know its own address before it is made; a port let go of meanwhile might be taken by another test.
  let handler: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = await listen((request, response) => handler(request, response), { port: 0, name: 'host' })
  const address = `http://127.0.0.1:${server.port}`
  authorizationServer.host = address
  const elsewhere = 'http://127.0.0.1:9'
  const deployment = parseDeployment({
    world: 'demo',
    addresses: { launcher: elsewhere, host: address, auth: authorizationServer.address, gateway: elsewhere },
    hostOrigins: [address],
    trusts: [
      {
        orgnr: OUS,
        name: 'Oslo universitetssykehus HF',
        shortName: 'OUS',
        policy: policyAt({ auth: authorizationServer.address, host: address }),
      },
      { orgnr: AHUS, name: 'Akershus universitetssykehus HF', shortName: 'Ahus' },
    ],
    apps: [app('pacs-viewer', ['patient']), app('bliksund-live', ['patient', 'unit'])],
  })
  const logLines: string[] = []
  const database = await openDatabase({ name: 'host', storage: 'memory', data: undefined, databaseUrl: undefined })
  const host = await createHost({
    deployment,
    database,
    fhirFile: () => ':memory:',
    now,
    log: createLog({ name: 'host', level: 'info', write: (line) => logLines.push(line) }),
    metrics: createMetrics({ name: 'host' }),
    siteDir: '/nonexistent',
  })
  handler = host.app.handler
  return {
    address,
    deployment,
    database,
    authorizationServer,
    logLines,
    startSweeping: (everyMs) => host.startSweeping(everyMs),
    pass: (minutes) => {
      late += minutes * 60_000
    },
    store: (orgnr = OUS) => required(host.trusts.get(orgnr)).store,
    facts: (orgnr = OUS) => required(host.trusts.get(orgnr)).facts,
    screen: (orgnr = OUS) => openScreen(address, `${orgnr}/api`),
    home: (orgnr = OUS) => openScreen(address, `${orgnr}/innbygger/api`),
    close: async () => {
      await server.close()
      await host.close()
      await authorizationServer.close()
    },
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('not in this world')
  return value
}

type Question = {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

function openScreen(address: string, api: string): Screen {
  const ask = async (path: string, init: Question): Promise<Answer> => {
    const headers = { ...(screen.cookie === '' ? {} : { cookie: screen.cookie }), ...init.headers }
    const response = await fetch(`${address}/${api}/${path}`, { ...init, headers, redirect: 'manual' })
    const planted = response.headers.get('set-cookie')?.split(';')[0]
    if (planted !== undefined) screen.cookie = planted
    const text = await response.text()
    const body = text === '' ? {} : Object.fromEntries(Object.entries(JSON.parse(text) as object)) // the API answers objects
    return { status: response.status, body, headers: response.headers }
  }
  const screen: Screen = {
    cookie: '',
    get: (path) => ask(path, {}),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: address, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    async signIn(username, role) {
      const answer = await screen.post('session', { username, password: PASSWORD })
      return role === undefined ? answer : screen.post('session/role', { role })
    },
  }
  return screen
}
