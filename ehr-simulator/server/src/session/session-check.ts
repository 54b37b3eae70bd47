import type { Database } from '@uthopp/storage/database'
import type { Tenant } from '@uthopp/storage/tenant'
import { createSessionCookie } from './session-cookie.ts'
import { createSessionStore } from './session-store.ts'

/** Tells other doors of the host whether a request comes from somebody signed in to this trust, in an active role. */
export function createSessionCheck(deps: {
  readonly tenant: Tenant
  readonly database: Database
  readonly hostOrigins: readonly string[]
  readonly now: () => Date
}): (cookieHeader: string | undefined) => Promise<boolean> {
  const sessions = createSessionStore(deps.database, deps.tenant)
  const cookie = createSessionCookie(deps.tenant, deps.hostOrigins)
  return async (cookieHeader) => {
    const secret = cookie.read(cookieHeader)
    const session = secret === undefined ? undefined : await sessions.find(secret, deps.now())
    return session !== undefined && session.role !== null
  }
}
