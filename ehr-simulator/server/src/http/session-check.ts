import type { AppContext } from '@uthopp/server-kit/http-app'
import { createSessionCookie } from '#src/session/session-cookie.ts'
import { createSessionStore } from '#src/session/session-store.ts'
import type { HostDeps, Trust } from './open-trust.ts'

/** Tells whether a request carries a living session of somebody who is still known at this trust. */
export function sessionCheck(
  trust: Trust,
  { deployment, database, now }: HostDeps,
): (ctx: AppContext) => Promise<boolean> {
  const cookie = createSessionCookie(trust.orgnr, deployment.addresses.host.startsWith('https:'))
  const sessions = createSessionStore(database, trust.orgnr)
  return async (ctx) => {
    const secret = cookie.read(ctx.get('cookie'))
    const session = secret === undefined ? undefined : await sessions.find(secret, now())
    return session !== undefined && trust.people.findUser(session.user)?.kind === 'staff'
  }
}
