import { Router } from '@koa/router'
import { createDeliveryHealth } from '@uthopp/audit/delivery-health'
import { createHttpRepository } from '@uthopp/audit/http-repository'
import { createOutbox } from '@uthopp/audit/outbox'
import { OUTBOX_MIGRATIONS } from '@uthopp/audit/outbox-migrations'
import { issuerOf } from '@uthopp/server-kit/deployment'
import { publicJwks } from '@uthopp/server-kit/keys'
import { type AppContext, type AppState, createHttpApp, type HttpApp } from '@uthopp/server-kit/http-app'
import type { Metrics } from '@uthopp/server-kit/metrics'
import { type Refusal, refuse } from '@uthopp/server-kit/refusal'
import { migrate } from '@uthopp/storage/migrate'
import { createFhirRoutes } from '#src/fhir/rest/fhir-routes.ts'
import { directoryRouter } from '#src/directory/directory-api.ts'
import { createDicomweb } from '#src/dicomweb/dicomweb.ts'
import { caacRouter } from '#src/caac/caac-api.ts'
import { factsRouter } from '#src/facts/http/facts-api.ts'
import { FACT_MIGRATIONS } from '#src/facts/storage/migrations.ts'
import { startLiveVitals } from '#src/live/live-vitals.ts'
import { type Repeating, repeat } from '#src/repeating.ts'
import { SESSION_MIGRATIONS } from '#src/session/migrations.ts'
import { createStyleRouter } from '#src/style/style-router.ts'
import { HOST_MIGRATIONS } from '#src/storage/migrations.ts'
import { renderOutcome } from './fhir-answer.ts'
import { imagingGuard } from './imaging-guard.ts'
import { type FhirDoor, fhirDoor } from './fhir-door.ts'
import { createHostPolicy } from './host-policy.ts'
import { openApiDocument } from './openapi.ts'
import { workSurfaceSite } from './work-surface-site.ts'
import { openTrust, type Trust } from './open-trust.ts'
import {
  caacOfTrust,
  citizensOfTrust,
  directoryOfTrust,
  factsOfTrust,
  type HostRoomDeps,
  startNoticing,
  startSettling,
  surfaceOfTrust,
} from './trust-rooms.ts'

export type HostAppDeps = HostRoomDeps & {
  readonly metrics: Metrics
  /** The built work surface. */
  readonly siteDir: string
}

export type Host = {
  readonly app: HttpApp
  readonly trusts: ReadonlyMap<string, Trust>
  /** `METHOD /path` of everything but FHIR, DICOMweb, health and static files. */
  readonly routes: readonly string[]
  /** Sets the monitors of the ambulances going, at trusts whose FHIR base is this store. */
  readonly startLive: () => void
  /** Begins to bring what is written down about people's deeds to the access log of their trust. */
  readonly startAudit: () => void
  /** Ends, every so often, the sessions nobody uses any longer, and with them their launches. */
  readonly startSweeping: (everyMs?: number) => void
  /** Ends answers that go on for as long as they are listened to, so that closing need not wait for them. */
  readonly endStreams: () => void
  readonly close: () => Promise<void>
}

const SWEEP_EVERY_MS = 60_000
const TODAY_EVERY_MS = 6 * 3_600_000

const isFhirPath = (path: string): boolean => /^\/\d{9}\/(?:fhir|dicomweb)(?:\/|$)/.test(path)

function renderJson(ctx: AppContext, refusal: Refusal): void {
  ctx.body = { error: refusal.code, error_description: refusal.hint, correlation_id: ctx.state.trace.traceId }
}

/** What every route of a router is called from outside, for the test that OpenAPI describes them all. */
const routesOf = (router: Router<AppState>, prefix = ''): readonly string[] =>
  router.stack.flatMap(({ methods, path }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${prefix}${String(path)}`),
  )

/** Puts the simulated host together: one FHIR store, directory, imaging archive and work surface a trust, on one port. */
export async function createHost(deps: HostAppDeps): Promise<Host> {
  const { deployment, database, log, metrics, now } = deps
  await migrate(database, [...HOST_MIGRATIONS, ...SESSION_MIGRATIONS, ...FACT_MIGRATIONS, ...OUTBOX_MIGRATIONS])
  const opened = await Promise.all(deployment.trusts.map(({ orgnr }) => openTrust(deps, orgnr)))
  const outbox = createOutbox({ db: database, now, log })
  const delivery = createDeliveryHealth(outbox)
  const trusts = new Map<string, Trust>(opened.map((trust) => [trust.orgnr, trust]))
  const keyOf = (orgnr: string) => trusts.get(orgnr)?.key ?? refuse(404, 'not_found', 'no such trust here')
  const policy = await createHostPolicy({ deployment, roomsOf: (orgnr) => trusts.get(orgnr)?.facts, keyOf, log, now })
  const eachTrust = <T>(make: (trust: Trust) => T) =>
    new Map<string, T>(opened.map((trust) => [trust.orgnr, make(trust)]))
  const secure = deployment.addresses.host.startsWith('https:')
  const app = createHttpApp({
    name: 'host',
    log,
    metrics,
    // Browsers and strangers stand at this port beside our own processes, which show first who they are (`own-process.ts`).
    startsTrace: () => true,
    hsts: secure,
    // Everything else a trust needs is open before the port is.
    async ready() {
      await delivery.look()
      return policy.ready()
    },
    warnings: () => [...delivery.warnings(), ...policy.warnings()],
    renderRefusal: (ctx, refusal) => (isFhirPath(ctx.path) ? renderOutcome : renderJson)(ctx, refusal),
  })

  app.router.get('/openapi.json', (ctx) => {
    ctx.body = openApiDocument(deployment)
  })
  app.router.get('/:orgnr/jwks.json', (ctx) => {
    const trust = trusts.get(ctx.params['orgnr'] ?? '') ?? refuse(404, 'not_found', 'no such trust here')
    ctx.set('cache-control', 'public, max-age=300') // a key the reader lacks makes it ask again at once
    ctx.body = publicJwks([trust.key])
  })
  const directory = directoryRouter(eachTrust((trust) => directoryOfTrust(trust, deployment)))
  const stopping = new AbortController()
  const facts = factsRouter(eachTrust((trust) => factsOfTrust(trust, deps, { outbox, stopping: stopping.signal })))
  const caac = caacRouter(eachTrust((trust) => caacOfTrust(trust, policy)))
  const routes = [...routesOf(app.router), ...routesOf(directory), ...routesOf(facts), ...routesOf(caac)]
  app.koa.use(directory.routes())
  app.koa.use(facts.routes())
  app.koa.use(caac.routes())
  const housed = opened.map((trust) => ({ trust, surface: surfaceOfTrust(trust, deps, { outbox, policy }) }))
  const doors = new Map<string, FhirDoor>(
    housed.map(({ trust: { orgnr, store, fhirGuard: guard }, surface }) => [
      orgnr,
      { store, guard, session: surface.sessionDoor },
    ]),
  )
  app.koa.use(
    fhirDoor(
      doors,
      createFhirRoutes((error) => log.error('fhir-interaction-failed', { error })),
      now,
    ),
  )

  app.koa.use(imagingGuard(trusts))
  for (const { trust, surface } of housed) {
    const imaging = new Router<AppState>({ prefix: `/${trust.orgnr}/dicomweb` })
    imaging.use(createDicomweb({ store: trust.store, orgnr: trust.orgnr }).routes())
    app.koa.use(imaging.routes())
    const style = createStyleRouter()
    const citizens = citizensOfTrust(trust, deps, outbox)
    app.router.use(`/${trust.orgnr}/api`, surface.router.routes())
    app.router.use(`/${trust.orgnr}/innbygger/api`, citizens.routes())
    app.router.use(`/${trust.orgnr}`, style.routes())
    if (trust === opened[0])
      routes.push(
        ...routesOf(citizens, '/:orgnr/innbygger/api'),
        ...routesOf(surface.router, '/:orgnr/api'),
        ...routesOf(style, '/:orgnr'),
      )
  }
  app.koa.use(workSurfaceSite(deployment, deps.siteDir))

  const running: Repeating[] = [
    ...opened.map((trust) => startNoticing(trust, deps)),
    ...housed.map(({ surface }) => startSettling(surface, log)),
  ]
  return {
    app,
    trusts,
    routes,
    startLive: () => {
      const own = opened.filter(({ orgnr, store }) =>
        deployment.trusts.some((each) => each.orgnr === orgnr && each.fhirUpstream === store.base),
      )
      const onFailure = (error: unknown) => log.error('live-vitals-failed', { error })
      running.push(...own.map(({ store, orgnr }) => startLiveVitals({ store, orgnr, now, onFailure })))
      if (deployment.world !== 'demo') return
      // An announcement lasts a day; a demonstration may last longer.
      running.push(...opened.map(({ keepToday }) => repeat({ work: keepToday, everyMs: TODAY_EVERY_MS, onFailure })))
    },
    startAudit: () => {
      outbox.start(
        createHttpRepository({ issuerOf: (orgnr) => issuerOf(deployment, orgnr), clientId: 'host', keyOf, now }),
      )
    },
    startSweeping: (everyMs = SWEEP_EVERY_MS) => {
      const onFailure = (error: unknown) => log.error('session-sweep-failed', { error })
      running.push(...housed.map(({ surface: { sweep } }) => repeat({ work: sweep, everyMs, onFailure })))
    },
    endStreams: () => stopping.abort(),
    close: async () => {
      await Promise.all([outbox.close(), policy.close(), ...running.map((work) => work.stop())])
      for (const trust of opened) trust.store.close()
      await database.close()
    },
  }
}
