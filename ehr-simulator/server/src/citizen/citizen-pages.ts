import { Router } from '@koa/router'
import type { AppState } from '@uthopp/server-kit/http-app'
import { sameOriginOnly } from '#src/session/same-origin.ts'
import { createSessionCookie } from '#src/session/session-cookie.ts'
import { createSessionStore } from '#src/session/session-store.ts'
import { addBlockRoutes } from './block-routes.ts'
import { addCitizenDoor } from './citizen-door.ts'
import type { CitizenDeps } from './citizen-deps.ts'
import { createCitizenGuard } from './citizen-guard.ts'
import { addLogRoutes } from './log-routes.ts'

/** The server behind the citizens' pages, relative to `/<orgnr>/innbygger/api`. */
export function createCitizenPages(deps: CitizenDeps): Router<AppState> {
  const sessions = createSessionStore(deps.database, deps.tenant)
  const cookie = createSessionCookie(deps.tenant, deps.deployment.hostOrigins, 'citizen')
  const guard = createCitizenGuard(deps, { sessions, cookie })
  const router = new Router<AppState>()
  router.use(sameOriginOnly(deps.deployment.hostOrigins))
  addCitizenDoor(router, { deps, sessions, cookie, guard })
  addLogRoutes(router, { deps, guard })
  addBlockRoutes(router, { deps, guard })
  return router
}
