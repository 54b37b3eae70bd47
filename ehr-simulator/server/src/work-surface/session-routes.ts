import type { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept, Refusal, refuse } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { clinician, STRANGER } from '#src/audit/audit-writer.ts'
import type { DirectoryUser } from '#src/directory/people.ts'
import type { LaunchEndings } from '#src/session/launch-endings.ts'
import type { SessionCookie } from '#src/session/session-cookie.ts'
import type { SessionGuard } from '#src/session/session-guard.ts'
import type { Also, SessionStore } from '#src/session/session-store.ts'
import { readCredentials, refuseCredentials } from '#src/session/sign-in.ts'
import { sessionFace, trustFace } from './session-face.ts'
import type { SurfaceDeps } from './surface-deps.ts'

export type SessionRooms = {
  readonly deps: SurfaceDeps
  readonly guard: SessionGuard
  readonly sessions: SessionStore
  readonly cookie: SessionCookie
  readonly endings: LaunchEndings
  readonly sweep: (trace: Trace) => Promise<void>
}

/** Signing in, choosing what to be, signing out. */
export function addSessionRoutes(router: Router<AppState>, rooms: SessionRooms): void {
  const { deps, guard, sessions, cookie, endings, sweep } = rooms
  // Tells whether there is a session to ask for, so that a sign-in page does not begin with a refusal.
  router.get('/trust', async (ctx) => {
    const secret = cookie.read(ctx.get('cookie'))
    const session = secret === undefined ? undefined : await sessions.find(secret, deps.now())
    ctx.body = { ...trustFace(deps), signedIn: session !== undefined }
  })

  router.get('/session', async (ctx) => {
    ctx.body = await sessionFace(deps, await guard.signedIn(ctx))
  })

  router.post('/session', async (ctx) => {
    const { username, password, byForm } = await readCredentials(ctx)
    const user = await verify(deps, username, password, ctx.state.trace)
    // Another person at the same screen: what the former one opened must not stay open.
    await endSession(rooms, ctx)
    await sweep(ctx.state.trace)
    const [role, ...others] = user.roles
    const chosen = role !== undefined && others.length === 0 ? role.id : null
    const secret = await sessions.start(user.id, chosen, deps.now(), told(deps, 'login', ctx.state.trace))
    ctx.append('set-cookie', cookie.plant(secret))
    if (byForm) return answerByPage(ctx, deps.tenant)
    const session = await sessions.find(secret, deps.now())
    if (session === undefined) return refuse(401, 'not_signed_in', 'sign in first')
    ctx.status = 201
    ctx.body = await sessionFace(deps, { session, user })
  })

  router.post('/session/role', async (ctx) => {
    const { secret, user } = await guard.signedIn(ctx)
    const { role } = accept(readMembers(await readJson(ctx), { required: { role: text } }))
    if (!user.roles.some(({ id }) => id === role)) refuse(403, 'role_not_available', 'this is not a role of yours')
    const { trace } = ctx.state
    const moment = { now: deps.now(), trace }
    const changed = await sessions.chooseRole(secret, role, moment, told(deps, 'role-changed', trace))
    if (changed === undefined) return refuse(401, 'not_signed_in', 'sign in first')
    // Access follows the active role, so nothing opened in the former one goes on (contracts: role change).
    await endings.tell(trace, changed.ended)
    ctx.body = await sessionFace(deps, { session: changed.session, user })
  })

  router.post('/session/end', async (ctx) => {
    accept(readMembers(await readJson(ctx), { required: {} }))
    await endSession(rooms, ctx)
    ctx.append('set-cookie', cookie.clear())
    ctx.status = 204
  })
}

async function verify(deps: SurfaceDeps, username: string, password: string, trace: Trace): Promise<DirectoryUser> {
  const verification = await deps.people.verify(username, password)
  if (verification.outcome !== 'verified' || verification.user.kind !== 'staff') {
    // Which name was tried stays untold: people type their passwords into that field.
    const code = verification.outcome === 'verified' ? 'staff_only' : verification.outcome
    const detail = { code }
    await deps.audit.write({ activity: 'login-refused', outcome: 'refused', actor: STRANGER, trace, detail })
  }
  switch (verification.outcome) {
    case 'verified':
      if (verification.user.kind !== 'staff') refuse(403, 'staff_only', 'the work surface is for staff')
      return verification.user
    case 'closed':
      throw new Refusal(429, 'too_many_attempts', 'too many attempts; wait a minute', {
        headers: { 'retry-after': String(verification.seconds) },
      })
    case 'refused':
      return refuseCredentials()
  }
}

async function endSession({ deps, cookie, sessions, endings }: SessionRooms, ctx: AppContext): Promise<void> {
  const secret = cookie.read(ctx.get('cookie'))
  if (secret === undefined) return
  const { trace } = ctx.state
  const ended = await sessions.end(secret, { now: deps.now(), trace }, told(deps, 'logout', trace))
  await endings.tell(trace, ended)
}

/** Writes the record of what becomes of a session into the transaction it happens in. */
const told =
  ({ audit }: SurfaceDeps, activity: 'login' | 'role-changed' | 'logout', trace: Trace): Also =>
  (inside, { user, role }) =>
    audit.write({ activity, actor: clinician(user, role), trace }, inside)

/** A form that was sent without script gets a page, not JSON. */
function answerByPage(ctx: AppContext, tenant: string): void {
  ctx.status = 303
  ctx.set('location', `/${tenant}/`)
  ctx.body = ''
}
