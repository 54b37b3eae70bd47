import { Router } from '@koa/router'
import type { AppState } from '@uthopp/server-kit/http-app'
import { newTrace, type Trace } from '@uthopp/server-kit/trace'
import { endLeaning } from '#src/session/leaning-launches.ts'
import { createLaunchEndings, type LaunchEnding } from '#src/session/launch-endings.ts'
import { sameOriginOnly } from '#src/session/same-origin.ts'
import { createSessionCookie } from '#src/session/session-cookie.ts'
import { createSessionGuard } from '#src/session/session-guard.ts'
import { createSessionStore } from '#src/session/session-store.ts'
import { addControlRoutes } from '#src/control/control-routes.ts'
import { addAccessRoutes } from './access/access-routes.ts'
import { addFindRoutes } from './access/find-routes.ts'
import { addGlassRoutes } from './access/glass-routes.ts'
import { createSessionDoor, type SessionDoor } from './access/session-door.ts'
import { Sittings } from './access/sittings.ts'
import { addLaunchRoutes } from './launch-routes.ts'
import { addPatientRoutes } from './patient-routes.ts'
import { addSessionRoutes } from './session-routes.ts'
import type { SurfaceDeps } from './surface-deps.ts'

export type WorkSurface = {
  /** Relative to `/<orgnr>/api`. */
  readonly router: Router<AppState>
  /** What somebody signed in here may read at the FHIR door. */
  readonly sessionDoor: SessionDoor
  /** Ends what nobody has used, and tells again what could not be told. */
  readonly sweep: () => Promise<void>
  /** Ends the launches that leant on a decision that is over. */
  readonly settle: () => Promise<void>
}

/** The server behind the work surface's pages. */
export function createWorkSurface(deps: SurfaceDeps): WorkSurface {
  const { tenant, deployment, database, channel, log, now } = deps
  const sessions = createSessionStore(database, tenant)
  const cookie = createSessionCookie(tenant, deployment.hostOrigins)
  const endings = createLaunchEndings({ db: database, tenant, channel, log, now })
  const guard = createSessionGuard({ sessions, cookie, findUser: (id) => deps.people.findUser(id), now })
  const router = new Router<AppState>()
  router.use(sameOriginOnly(deployment.hostOrigins))
  router.use(async (ctx, next) => {
    await endings.retry(ctx.state.trace)
    return next()
  })
  const sweep = async (trace: Trace) => {
    await endings.tell(trace, await sessions.sweep({ now: now(), trace }))
    await endings.retry(trace)
  }
  const settle = async (trace: Trace) => {
    const ended: LaunchEnding[] = []
    await deps.facts.decisions.settle(now(), async (inside, over) => {
      const ids = over.map(({ id }) => id)
      ended.push(...(await endLeaning(inside, tenant, ids, { now: now(), trace })))
    })
    await endings.tell(trace, ended)
  }
  addSessionRoutes(router, { deps, guard, sessions, cookie, endings, sweep })
  const sittings = new Sittings()
  addPatientRoutes(router, { deps, guard, sittings })
  addFindRoutes(router, { deps, guard, sittings })
  addAccessRoutes(router, { deps, guard, sittings })
  addGlassRoutes(router, { deps, guard, sittings })
  addControlRoutes(router, { deps, guard })
  addLaunchRoutes(router, { deps, guard, sittings, endings })
  return {
    router,
    sessionDoor: createSessionDoor(deps, guard),
    sweep: () => sweep(newTrace()),
    settle: () => settle(newTrace()),
  }
}
