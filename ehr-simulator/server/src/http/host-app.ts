import { publicJwks } from '@uthopp/server-kit/keys'
import { createHttpApp, type AppContext, type HttpApp } from '@uthopp/server-kit/http-app'
import type { Log } from '@uthopp/server-kit/log'
import type { Metrics } from '@uthopp/server-kit/metrics'
import { type Refusal, refuse } from '@uthopp/server-kit/refusal'
import { migrate } from '@uthopp/storage/migrate'
import { createFhirRoutes } from '#src/fhir/rest/fhir-routes.ts'
import { directoryRouter, type TrustDirectory } from '#src/directory/directory-api.ts'
import { citizensOf, defaultsOf } from '#src/seed/people.ts'
import { HOST_MIGRATIONS } from '#src/storage/migrations.ts'
import { renderOutcome } from './fhir-answer.ts'
import { fhirDoor } from './fhir-door.ts'
import { openApiDocument } from './openapi.ts'
import { type HostDeps, openTrust, type Trust } from './open-trust.ts'

export type HostAppDeps = HostDeps & {
  readonly log: Log
  readonly metrics: Metrics
  /** The built work surface. */
  readonly siteDir: string
}

export type Host = {
  readonly app: HttpApp
  readonly trusts: ReadonlyMap<string, Trust>
  readonly close: () => Promise<void>
}

const isFhirPath = (path: string): boolean => /^\/\d{9}\/(?:fhir|dicomweb)(?:\/|$)/.test(path)

function renderJson(ctx: AppContext, refusal: Refusal): void {
  ctx.body = { error: refusal.code, error_description: refusal.hint, correlation_id: ctx.state.trace.traceId }
}

function directoryOfTrust(trust: Trust, demo: boolean): TrustDirectory {
  return {
    people: trust.people,
    records: trust.records,
    guard: trust.directoryGuard,
    demo: demo ? { citizens: citizensOf(trust.orgnr), defaults: defaultsOf(trust.orgnr) } : undefined,
  }
}

/** Puts the simulated host together: one FHIR store, directory, imaging archive and work surface a trust, on one port. */
export async function createHost(deps: HostAppDeps): Promise<Host> {
  const { deployment, log, metrics, now } = deps
  await migrate(deps.database, HOST_MIGRATIONS)
  const opened = await Promise.all(deployment.trusts.map(({ orgnr }) => openTrust(deps, orgnr)))
  const trusts: ReadonlyMap<string, Trust> = new Map(opened.map((trust) => [trust.orgnr, trust]))
  const app = createHttpApp({
    name: 'host',
    log,
    metrics,
    ready: () => Promise.resolve(undefined), // everything a trust needs is open before the port is
    renderRefusal: (ctx, refusal) => (isFhirPath(ctx.path) ? renderOutcome : renderJson)(ctx, refusal),
  })

  app.router.get('/openapi.json', (ctx) => {
    ctx.body = openApiDocument(deployment)
  })
  app.router.get('/:orgnr/jwks.json', (ctx) => {
    const trust = trusts.get(ctx.params['orgnr'] ?? '') ?? refuse(404, 'not_found', 'no such trust here')
    ctx.body = publicJwks([trust.key])
  })
  const directories = new Map(
    opened.map((trust) => [trust.orgnr as string, directoryOfTrust(trust, deployment.world === 'demo')]),
  )
  app.koa.use(directoryRouter(directories).routes())
  const doors = new Map(
    opened.map((trust) => [trust.orgnr as string, { store: trust.store, guard: trust.upstreamGuard }]),
  )
  app.koa.use(
    fhirDoor(
      doors,
      createFhirRoutes((error) => log.error('fhir-interaction-failed', { error })),
      now,
    ),
  )

  return {
    app,
    trusts,
    close: async () => {
      for (const trust of opened) trust.store.close()
      await deps.database.close()
    },
  }
}
