import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { SignJWT } from 'jose'
import type { SigningKey } from '@uthopp/server-kit/keys'
import { createOutbox } from '@uthopp/audit/outbox'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import type { PolicyStage } from '@uthopp/server-kit/deployment'
import type { DecisionPoint } from '@uthopp/policy/decision-point'
import { type FactSource, FactsUnavailable } from '@uthopp/policy/facts'
import { OWN_RULES } from '@uthopp/policy/rule-book'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import type { Database } from '@uthopp/storage/database'
import { migrate } from '@uthopp/storage/migrate'
import { openPlace, type Place } from '@uthopp/storage/open'
import { createAuthServer } from '#src/auth-server.ts'
import { type KeySchedule, scheduleOfDays } from '#src/keys/stages.ts'
import { DEFAULT_LIMITS, type Limits } from '#src/limits/limits.ts'
import { migrations } from '#src/storage/migrations.ts'
import { createInTestPoint, type InTestPoint } from '../policy/in-test-point.ts'
import { AHUS, OUS, type StubHost, startStubHost } from './stub-host.ts'

export const APP_SCOPE =
  'launch launch/patient openid fhirUser online_access offline_access patient/Patient.r patient/Observation.rs user/Encounter.rs'

const notices: string[] = []
for (const method of ['info', 'warn'] as const) {
  // The OAuth library prints what it thinks should or must change; a default we forgot is a failing test.
  console[method] = (...words: unknown[]) => void notices.push(words.map(String).join(' '))
}

export type World = {
  readonly auth: string
  readonly host: StubHost
  readonly launcher: StubHost
  /** Only its keys are asked for. */
  readonly gateway: StubHost
  /** Permits everything until told otherwise. */
  readonly policy: (orgnr?: string) => InTestPoint
  readonly db: Database
  readonly lines: readonly string[]
  readonly issuer: (orgnr?: string) => string
  readonly fhirBase: (orgnr?: string) => string
  /** Moves the server's clock. */
  readonly clock: { aheadMs: number }
  readonly close: () => Promise<void>
}

export type WorldOptions = {
  readonly world?: 'demo' | 'production'
  readonly place?: Place
  readonly keySchedule?: KeySchedule
  readonly limits?: Partial<Limits>
  /** How far policy acts; `enforce` unless told. */
  readonly issuance?: PolicyStage
  /** Decides in place of the points that permit everything. */
  readonly point?: DecisionPoint
  /** What a what-if is told by the host. */
  readonly facts?: FactSource
}

/** The whole authorization server on a free port, with a host and a developer portal it can reach. */
export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const [host, launcher, gateway, db] = await Promise.all([
    startStubHost(),
    startStubHost(),
    startStubHost(),
    openPlace(options.place ?? { kind: 'memory' }),
  ])
  await migrate(db, migrations)
  let handler: RequestListener = (_req, res) => void res.writeHead(503).end()
  const server = await listen((req, res) => handler(req, res), { port: 0, name: 'auth-test' })
  const auth = `http://localhost:${server.port}`
  const app = (clientId: string, port: number) => ({
    clientId,
    name: clientId,
    origin: `http://localhost:${port}`,
    launchUris: [`http://localhost:${port}/launch.html`],
    redirectUris: [`http://localhost:${port}/index.html`, `http://localhost:${port}/`],
    scope: APP_SCOPE,
    contexts: ['patient'],
  })
  const policy = { issuance: options.issuance ?? 'enforce' }
  const deployment = parseDeployment({
    world: 'demo',
    addresses: { auth, host: host.origin, launcher: launcher.origin, gateway: gateway.origin },
    trusts: [
      { orgnr: OUS, name: 'Oslo universitetssykehus HF', shortName: 'OUS', policy },
      { orgnr: AHUS, name: 'Akershus universitetssykehus HF', shortName: 'Ahus', policy },
    ],
    apps: [app('pacs-viewer', 4101), app('nutrition', 4102)],
  })
  const lines: string[] = []
  const points = new Map([OUS, AHUS].map((orgnr) => [orgnr, createInTestPoint()]))
  const clock = { aheadMs: 0 }
  const stopping = new AbortController()
  const now = () => new Date(Date.now() + clock.aheadMs)
  const log = createLog({ name: 'auth', write: (line) => lines.push(line) })
  const outbox = createOutbox({ db, now, log })
  const made = await createAuthServer({
    outbox,
    deployment: { ...deployment, world: options.world ?? 'demo' },
    db,
    log,
    metrics: createMetrics({ name: 'auth' }),
    now,
    keySchedule: options.keySchedule ?? scheduleOfDays(30),
    openPolicy: ({ trust }) => ({
      point: options.point ?? points.get(trust.orgnr) ?? createInTestPoint(),
      facts: options.facts ?? { read: () => Promise.reject(new FactsUnavailable('this host says nothing')) },
      rules: OWN_RULES,
      warnings: () => [],
    }),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    stopping: stopping.signal,
  })
  handler = made.handler
  for (const orgnr of [OUS, AHUS]) for (const stub of [host, launcher]) stub.expectIssuer(orgnr, `${auth}/${orgnr}`)
  return {
    auth,
    host,
    launcher,
    gateway,
    policy: (orgnr = OUS) => points.get(orgnr) ?? createInTestPoint(),
    db,
    lines,
    clock,
    issuer: (orgnr = OUS) => `${auth}/${orgnr}`,
    fhirBase: (orgnr = OUS) => `${gateway.origin}/${orgnr}/fhir`,
    async close() {
      stopping.abort()
      await server.close()
      await outbox.close()
      await Promise.all([host.close(), launcher.close(), gateway.close(), db.close()])
      assert.deepEqual(notices, [], 'the library printed no notice')
    },
  }
}

export type AssertionParts = {
  readonly clientId: string
  readonly audience: string | string[]
  readonly key: SigningKey
  readonly jti?: string
  readonly lifetime?: number
  readonly header?: Readonly<Record<string, unknown>>
}

export const signAssertion = (parts: AssertionParts): Promise<string> => {
  const at = Math.floor(Date.now() / 1000)
  return new SignJWT()
    .setProtectedHeader({ alg: parts.key.alg, kid: parts.key.kid, typ: 'JWT', ...parts.header })
    .setIssuer(parts.clientId)
    .setSubject(parts.clientId)
    .setAudience(parts.audience)
    .setIssuedAt(at)
    .setExpirationTime(at + (parts.lifetime ?? 60))
    .setJti(parts.jti ?? randomUUID())
    .sign(parts.key.privateKey)
}

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export const postForm = (
  url: string,
  form: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form), headers: { accept: 'application/json', ...headers } })

/** A process's way to a token for one of our own APIs. */
export async function apiToken(
  world: World,
  as: 'host' | 'launcher' | 'gateway' | 'issuance',
  scope: string,
  orgnr = OUS,
): Promise<string> {
  const issuer = world.issuer(orgnr)
  const answer = await postForm(`${issuer}/token`, {
    grant_type: 'client_credentials',
    scope,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await signAssertion({
      clientId: as,
      audience: `${issuer}/token`,
      key: world[as === 'issuance' ? 'host' : as].key,
    }),
  })
  const body = await json(answer)
  if (answer.status !== 200) throw new Error(`no token for \`${scope}\`: ${JSON.stringify(body)}`)
  return String(body['access_token'])
}

/** The host's (or the portal's) way to its `__launch` token. */
export const hostToken = (world: World, orgnr = OUS, as: 'host' | 'launcher' = 'host'): Promise<string> =>
  apiToken(world, as, '__launch', orgnr)

export async function json(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json()) as Record<string, unknown> // every JSON answer of the server is an object
}

export async function callApi(
  world: World,
  path: string,
  body: unknown,
  options: { readonly orgnr?: string; readonly as?: 'host' | 'launcher' } = {},
): Promise<Response> {
  const token = await hostToken(world, options.orgnr, options.as)
  return fetch(`${world.issuer(options.orgnr)}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}
