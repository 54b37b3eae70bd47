import type { DeliveryHealth } from '@uthopp/audit/delivery-health'
import { appStateOf, type Deployment } from '@uthopp/server-kit/deployment'
import { type AppContext, createHttpApp, type HttpApp } from '@uthopp/server-kit/http-app'
import { publicJwks, type SigningKey } from '@uthopp/server-kit/keys'
import type { Log } from '@uthopp/server-kit/log'
import type { Metrics } from '@uthopp/server-kit/metrics'
import type { Refusal } from '@uthopp/server-kit/refusal'
import { createServiceSigner } from '@uthopp/server-kit/service-token'
import type { Database } from '@uthopp/storage/database'
import { tenantOf } from '@uthopp/storage/tenant'
import { createStateStore } from './app-state/sql-state-store.ts'
import { createStateDoor } from './app-state/state-door.ts'
import { answerBrands, type Publication } from './brands/publication.ts'
import { createPageSeal, sealKeyOf } from './fhir/page-seal.ts'
import { createGlimpses } from './policy/glimpses.ts'
import { createPolicyDesk, type Deciding } from './policy/policy-desk.ts'
import { createVisitUnits } from './policy/visit-units.ts'
import type { AuditTrail } from './audit/ledger.ts'
import { createSmartConfigurations, type SmartConfigurations } from './fhir/smart-configuration.ts'
import { createDicomwebDoor } from './http/dicomweb-door.ts'
import type { DoorDeps } from './http/door-deps.ts'
import type { Timing } from './http/even-time.ts'
import { createFhirDoor } from './http/fhir-door.ts'
import { openApi } from './http/openapi.ts'
import { outcomeOf } from './http/operation-outcome.ts'
import { createRevocationWatch, type RevocationWatch } from './revocations/revocation-watch.ts'
import { createGrantFacts } from './token/grant-facts.ts'
import { createIntrospection } from './token/introspection.ts'
import { createOpaqueTokens } from './token/opaque-tokens.ts'
import { createTokenVerifier } from './token/verify-token.ts'
import { type Trust, trustsOf } from './trust.ts'
import { createUpstreamClient } from './upstream/client.ts'

export type GatewayOptions = {
  readonly deployment: Deployment
  /** Where the gateway keeps what is its own to keep, already migrated. */
  readonly db: Database
  /** Where what is accessed is written down before it leaves. */
  readonly trail: AuditTrail
  /** What there is to say about records that do not arrive. */
  readonly delivery?: DeliveryHealth
  /** What decides for a trust; built in `main.ts`, replaced in tests. */
  readonly decidingFor: (trust: Trust) => Deciding
  /** Who is behind the FHIR bases, as told to anybody; absent where nobody publishes it. */
  readonly brands?: Publication | undefined
  /** What the gateway signs its own calls with. */
  readonly serviceKey: SigningKey
  readonly log: Log
  readonly metrics: Metrics
  readonly now?: () => Date
  /** What answers that show nothing are kept back by; absent, the time of the machine. */
  readonly timing?: Timing | undefined
  /** How long a server behind us may stay silent. */
  readonly upstreamTimeoutMs?: number
  /** How long the revocation stream of a trust may stay silent before its tokens open nothing. */
  readonly revocationSilenceMs?: number
}

export type Gateway = {
  readonly app: HttpApp
  /** Begins to follow what the authorization servers revoke. Our keys must be served by then, since they prove who asks. */
  readonly start: () => void
  readonly close: () => Promise<void>
}

/** contracts.md §5. */
const REVOCATION_SILENCE_MS = 4000

const DOOR = /^\/(?<orgnr>\d{9})\/(?<door>fhir|dicomweb|app-state)(?:\/(?<path>.*))?$/s

/**
 * The policy enforcement point: one FHIR base and one imaging door a trust, in front of whatever serves them, and a third
 * door behind which apps keep state of their own.
 *
 * Nothing is passed through that is not named, and nothing comes back that was not decided.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const { deployment, serviceKey, now = () => new Date() } = options
  const trusts = trustsOf(deployment)
  const signer = createServiceSigner({ key: serviceKey, issuer: deployment.addresses.gateway, now })
  const client = createUpstreamClient({ timeoutMs: options.upstreamTimeoutMs ?? 15_000 })
  const smartConfigurations = createSmartConfigurations({ now })
  const introspect = createIntrospection({ key: serviceKey })
  const grantFacts = createGrantFacts({ introspect, now })
  const revocations = createRevocationWatch({
    trusts: trusts.values(),
    key: serviceKey,
    log: options.log,
    onRevocation: grantFacts.drop,
    silenceMs: options.revocationSilenceMs ?? REVOCATION_SILENCE_MS,
  })
  const policy = createPolicyDesk({
    trusts: deployment.trusts.flatMap(({ orgnr, policy: { gateway: stage } }) => {
      const trust = trusts.get(orgnr)
      return trust === undefined ? [] : [{ trust, stage }]
    }),
    decidingFor: options.decidingFor,
    log: options.log,
  })
  const deps: DoorDeps = {
    policy,
    visitUnits: createVisitUnits({ now }),
    glimpsesOf: createGlimpses({ now }),
    trail: options.trail,
    log: options.log,
    verifyToken: createTokenVerifier({
      trusts: trusts.values(),
      requireAlive: revocations.requireAlive,
      opaque: createOpaqueTokens({ introspect, now }),
      grantFacts,
      now,
    }),
    smartConfigurations,
    client,
    serviceToken: (upstream) => signer.bearer(upstream),
    seal: createPageSeal(sealKeyOf(serviceKey)),
    now,
    timing: options.timing,
  }
  const fhir = createFhirDoor(deps)
  const states = new Map([...trusts.keys()].map((orgnr) => [orgnr, createStateStore(options.db, tenantOf(orgnr))]))
  const appState = createStateDoor({
    ...deps,
    states,
    baseOf: ({ orgnr }) => appStateOf(deployment, orgnr),
  })
  const doors = { fhir: fhir.answer, dicomweb: createDicomwebDoor(deps), 'app-state': appState }
  const app = createHttpApp({
    name: 'gateway',
    log: options.log,
    metrics: options.metrics,
    ready: async () => {
      await options.delivery?.look()
      return (await readiness(trusts, smartConfigurations, revocations)) ?? policy.ready()
    },
    warnings: () => [...policy.warnings(), ...(options.delivery?.warnings() ?? [])],
    // Apps stand at every door of this process; our own processes only follow its streams and keys.
    startsTrace: (ctx) => DOOR.test(ctx.path),
    hsts: deployment.addresses.gateway.startsWith('https:'),
    // Which origins an app is registered with is not known before its token is, so preflights allow any (SAL-197).
    cors: (ctx) =>
      isPublic(ctx.path) ? { origin: '*' } : DOOR.test(ctx.path) ? { origin: ctx.get('origin') } : undefined,
    renderRefusal,
  })
  app.router.get('/jwks.json', (ctx) => {
    ctx.set('cache-control', 'public, max-age=60')
    ctx.body = publicJwks([serviceKey])
  })
  const { brands } = options
  if (brands !== undefined) app.router.get('/brands.json', (ctx) => answerBrands(ctx, brands))
  app.router.get('/openapi.json', (ctx) => {
    ctx.body = openApi(deployment.addresses.gateway)
  })
  app.koa.use(async (ctx, next) => {
    const part = DOOR.exec(ctx.path)?.groups
    const trust = trusts.get(part?.['orgnr'] ?? '')
    const door = part?.['door']
    if (trust === undefined || !isDoor(door)) return next()
    ctx.state.route = `/:orgnr/${door}/*`
    return doors[door](ctx, trust, part?.['path'] ?? '')
  })
  return {
    app,
    start() {
      revocations.start()
      policy.start()
    },
    async close() {
      revocations.close()
      await policy.close()
      fhir.close()
      client.close()
    },
  }
}

const isDoor = (name: string | undefined): name is 'fhir' | 'dicomweb' | 'app-state' =>
  name === 'fhir' || name === 'dicomweb' || name === 'app-state'

/** SAL-8: discovery and capabilities are anybody's to read, with or without a token. */
const isPublic = (path: string): boolean =>
  path === '/jwks.json' ||
  path === '/openapi.json' ||
  path === '/brands.json' ||
  path.endsWith('/fhir/metadata') ||
  path.endsWith('/fhir/.well-known/smart-configuration')

async function readiness(
  trusts: ReadonlyMap<string, Trust>,
  read: SmartConfigurations,
  revocations: RevocationWatch,
): Promise<string | undefined> {
  const missing = await Promise.all(
    [...trusts.values()].map((trust) =>
      read(trust).then(
        () => [],
        () => [trust.orgnr],
      ),
    ),
  )
  const names = missing.flat()
  if (names.length > 0) return `no SMART configuration from the authorization server for ${names.join(', ')}`
  const silent = [...trusts.values()].filter((trust) => !revocations.isFresh(trust)).map(({ orgnr }) => orgnr)
  return silent.length === 0 ? undefined : `no revocation stream from the authorization server for ${silent.join(', ')}`
}

function renderRefusal(ctx: AppContext, refusal: Refusal): void {
  ctx.type = 'application/fhir+json; charset=utf-8'
  ctx.body = JSON.stringify(outcomeOf(refusal))
}
