import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { parseDeployment } from '@uthopp/server-kit/read-deployment'
import type { AuditRecord } from '@uthopp/audit/record'
import type { PolicyStage } from '@uthopp/server-kit/deployment'
import { generateSigningKey } from '@uthopp/server-kit/keys'
import { listen } from '@uthopp/server-kit/listen'
import { createLog } from '@uthopp/server-kit/log'
import { createMetrics } from '@uthopp/server-kit/metrics'
import { migrate } from '@uthopp/storage/migrate'
import { openSqlite } from '@uthopp/storage/sqlite'
import { createGateway } from '#src/gateway.ts'
import type { Timing } from '#src/http/even-time.ts'
import { openDeciding } from '#src/policy/open-deciding.ts'
import { MIGRATIONS } from '#src/storage/migrations.ts'
import { type IssuerStub, startIssuer } from './issuer-stub.ts'
import type { FactsStub } from './facts-stub.ts'
import { type PolicyStub, policyStub } from './policy-stub.ts'
import { claimsOf, GRANT } from './token-claims.ts'
import { startUpstream, type UpstreamStub } from './upstream-stub.ts'

export const OUS = '993467049'
export const AHUS = '983971636'
/** What the outside calls the gateway; the tests reach it at a port of its own, as behind a terminating proxy. */
export const OUTSIDE = 'https://gateway.example'
export const BASE = `${OUTSIDE}/${OUS}/fhir`

export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string; readonly json: Loose }

/** JSON of an answer, loosely typed: a test that reaches for what is not there fails by itself. */
// oxlint-disable-next-line typescript/no-explicit-any -- test bodies are asserted on, never passed on
export type Loose = any

export type World = {
  readonly upstream: UpstreamStub
  readonly port: number
  readonly log: string[]
  /** Seconds added to the gateway's clock. */
  readonly clock: { ahead: number }
  readonly issuer: IssuerStub
  readonly policy: PolicyStub
  /** Audit records, newest last; `auditFails` makes them impossible to keep. */
  readonly records: AuditRecord[]
  readonly audit: { fails: boolean }
  /** A real access token; claims may be bent, `undefined` removes one. */
  token(claims?: Readonly<Record<string, unknown>>, options?: TokenOptions): Promise<string>
  /** A token that says nothing by itself, known to the issuer with the same claims. */
  opaque(claims?: Readonly<Record<string, unknown>>, grant?: object): string
  fhir(path: string, token?: string, init?: RequestInit): Promise<Answer>
  door(path: string, token?: string, init?: RequestInit): Promise<Answer>
  at(path: string, init?: RequestInit): Promise<Answer>
  close(): Promise<void>
}

export type TokenOptions = {
  readonly typ?: string
  readonly alg?: string
  readonly key?: CryptoKey | Uint8Array
  readonly kid?: string
  readonly orgnr?: string
  /** What the issuer tells of the launch, where it is not the ordinary. */
  readonly grant?: object
}

export type WorldOptions = {
  readonly upstreamTimeoutMs?: number
  readonly revocationSilenceMs?: number
  /** Absent: `off`. */
  readonly stage?: PolicyStage
  /** What decides; absent, a stub that permits until it is told otherwise. */
  readonly facts?: FactsStub
  /** A decision point elsewhere, which may be that of the issuer. */
  readonly pdp?: (issuer: string) => string
  /** A clock of its own; absent, that of the machine. */
  readonly now?: () => Date
  /** What answers that show nothing are kept back by; absent, the time of the machine. */
  readonly timing?: Timing
  /** What the issuer's stream does from the beginning; the world is then not waited for. */
  readonly stream?: IssuerStub['stream']
}

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const upstream = await startUpstream()
  const keys = await generateKeyPair('ES256')
  const jwk: JWK = { ...(await exportJWK(keys.publicKey)), kid: 'issuer-key', alg: 'ES256', use: 'sig' }
  const serviceKey = await generateSigningKey('ES256')
  const issuer = await startIssuer(jwk, serviceKey)
  issuer.stream = options.stream ?? 'beating'
  const auth = issuer.origin
  issuer.configuration = {
    issuer: `${auth}/${OUS}`,
    authorization_endpoint: `${auth}/${OUS}/auth`,
    token_endpoint: `${auth}/${OUS}/token`,
    introspection_endpoint: `${auth}/${OUS}/introspect`,
    capabilities: ['launch-ehr'],
  }
  const deployment = parseDeployment({
    world: 'demo',
    addresses: {
      launcher: 'http://localhost:4200',
      host: options.facts?.origin ?? 'http://localhost:4300',
      auth,
      gateway: OUTSIDE,
    },
    trusts: [OUS, AHUS].map((orgnr) => ({
      orgnr,
      name: orgnr,
      shortName: orgnr,
      fhirUpstream: upstream.base,
      dicomwebUpstream: upstream.dicomweb,
      // What policy adds is told of in tests of its own; here scopes alone decide.
      policy: { gateway: options.stage ?? 'off', ...pdpOf(options, `${auth}/${orgnr}`) },
    })),
  })
  const log: string[] = []
  const clock = { ahead: 0 }
  const policy = policyStub()
  const records: AuditRecord[] = []
  const audit = { fails: false }
  const now = options.now ?? (() => new Date(Date.now() + clock.ahead * 1000))
  const logged = createLog({ name: 'gateway', level: 'debug', write: (line) => log.push(line) })
  options.facts?.trust(serviceKey)
  const db = await openSqlite({ file: ':memory:' })
  await migrate(db, MIGRATIONS)
  const gateway = createGateway({
    deployment,
    db,
    serviceKey,
    trail: {
      write: (written) => {
        if (audit.fails) return Promise.reject(new Error('the disk is full'))
        records.push(...written)
        return Promise.resolve()
      },
    },
    decidingFor:
      options.facts === undefined && options.pdp === undefined
        ? () => policy
        : openDeciding({ deployment, key: serviceKey, log: logged, now, workers: 0 }),
    log: logged,
    metrics: createMetrics({ name: 'gateway' }),
    now,
    timing: options.timing,
    upstreamTimeoutMs: options.upstreamTimeoutMs ?? 5000,
    ...(options.revocationSilenceMs === undefined ? {} : { revocationSilenceMs: options.revocationSilenceMs }),
  })
  const server = await listen(gateway.app.handler, { port: 0, name: 'gateway' })

  gateway.start()

  const at: World['at'] = async (path, init = {}) => {
    const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, init)
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, json: jsonOrUndefined(text) }
  }
  const withToken =
    (prefix: string): World['fhir'] =>
    (path, token, init = {}) =>
      at(`${prefix}${path === '' || path.startsWith('?') ? '' : '/'}${path}`, {
        ...init,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(init.headers as Record<string, string>),
        },
      })

  if (options.stream === undefined) await until(async () => (await at('/health/ready')).status === 200)
  return {
    upstream,
    port: server.port,
    log,
    clock,
    issuer,
    policy,
    records,
    audit,
    at,
    fhir: withToken(`/${OUS}/fhir`),
    door: withToken(`/${OUS}/dicomweb`),
    async token(
      claims = {},
      { typ = 'at+jwt', alg = 'ES256', key = keys.privateKey, kid = 'issuer-key', orgnr = OUS, grant = {} } = {},
    ) {
      const token = await new SignJWT(claimsOf({ auth, orgnr, base: `${OUTSIDE}/${orgnr}/fhir` }, claims))
        .setProtectedHeader({ alg, typ, kid })
        .sign(key)
      issuer.known.set(token, { active: true, grant: { ...GRANT, ...grant } })
      return token
    },
    opaque(claims = {}, grant = {}) {
      const token = `${crypto.randomUUID()}${crypto.randomUUID()}`
      issuer.known.set(token, {
        active: true,
        token_type: 'Bearer',
        ...claimsOf({ auth, orgnr: OUS, base: BASE }, claims),
        grant: { ...GRANT, ...grant },
      })
      return token
    },
    async close() {
      await server.close()
      await gateway.close()
      await db.close()
      await issuer.close()
      await upstream.close()
    },
  }
}

const pdpOf = ({ pdp }: WorldOptions, issuer: string) => (pdp === undefined ? {} : { pdp: pdp(issuer) })

/** Waits, a bounded time, until something holds. */
export async function until(holds: () => Promise<boolean> | boolean, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it did not come to hold in time')
    await new Promise((later) => setTimeout(later, 20))
  }
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Two patients with a little of everything; A is the patient of the tokens. */
export function furnish(upstream: UpstreamStub): void {
  const of = (patient: string) => ({ reference: `Patient/${patient}` })
  const category = (code: string) => [
    { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }] },
  ]
  for (const who of ['a', 'b']) {
    const subject = of(`pat-${who}`)
    const study = { system: 'urn:dicom:uid', value: `urn:oid:1.2.${who === 'a' ? 1 : 2}` }
    upstream.put(
      {
        resourceType: 'Patient',
        id: `pat-${who}`,
        name: [{ family: `Family-${who}` }],
        text: { status: 'generated', div: '<div>x</div>' },
      },
      { resourceType: 'Encounter', id: `enc-${who}`, status: 'in-progress', class: { code: 'EMER' }, subject },
      {
        resourceType: 'Observation',
        id: `vital-${who}`,
        status: 'final',
        category: category('vital-signs'),
        code: { text: 'pulse' },
        subject,
      },
      {
        resourceType: 'Observation',
        id: `lab-${who}`,
        status: 'final',
        category: category('laboratory'),
        code: { text: 'crp' },
        subject,
      },
      { resourceType: 'Condition', id: `con-${who}`, code: { text: 'x' }, subject },
      {
        resourceType: 'ImagingStudy',
        id: `img-${who}`,
        status: 'available',
        identifier: [study],
        subject,
        endpoint: [{ reference: 'Endpoint/end1' }],
      },
    )
  }
  upstream.put(
    { resourceType: 'Practitioner', id: 'stf101', name: [{ family: 'Nordmann' }] },
    { resourceType: 'Practitioner', id: 'stf102', name: [{ family: 'Fjell' }] },
    { resourceType: 'Endpoint', id: 'end1', status: 'active', address: upstream.dicomweb },
    { resourceType: 'Questionnaire', id: 'q1', status: 'active' },
  )
}
