import type { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppContext, AppState } from '@uthopp/server-kit/http-app'
import { readMembers } from '@uthopp/server-kit/members'
import { accept, Refusal, refuse } from '@uthopp/server-kit/refusal'
import type { Trace } from '@uthopp/server-kit/trace'
import { citizen, STRANGER } from '#src/audit/audit-writer.ts'
import type { DirectoryUser } from '#src/directory/people.ts'
import type { SessionCookie } from '#src/session/session-cookie.ts'
import type { Also, SessionStore } from '#src/session/session-store.ts'
import { readCredentials, refuseCredentials } from '#src/session/sign-in.ts'
import { trustFace } from '#src/work-surface/session-face.ts'
import type { CitizenDeps } from './citizen-deps.ts'
import type { CitizenGuard } from './citizen-guard.ts'

type Rooms = {
  readonly deps: CitizenDeps
  readonly sessions: SessionStore
  readonly cookie: SessionCookie
  readonly guard: CitizenGuard
}

/** The citizens' own door: another sign-in, another cookie, another session than the work surface's. */
export function addCitizenDoor(router: Router<AppState>, { deps, sessions, cookie, guard }: Rooms): void {
  const face = ({ name }: DirectoryUser) => ({ trust: trustFace(deps), name })
  const told =
    (activity: 'login' | 'logout', trace: Trace): Also =>
    (inside, { user }) =>
      deps.audit.write({ activity, actor: citizen(user), patient: user, trace }, inside)

  router.get('/trust', async (ctx) => {
    const signedIn = await guard(ctx).then(
      () => true,
      () => false,
    )
    ctx.body = { ...trustFace(deps), signedIn }
  })

  router.get('/session', async (ctx) => {
    ctx.body = face((await guard(ctx)).user)
  })

  router.post('/session', async (ctx) => {
    const { username, password, byForm } = await readCredentials(ctx)
    const user = await verify(deps, ctx, username, password)
    const former = cookie.read(ctx.get('cookie'))
    const moment = { now: deps.now(), trace: ctx.state.trace }
    if (former !== undefined) await sessions.end(former, moment, told('logout', moment.trace))
    const secret = await sessions.start(user.id, null, moment.now, told('login', moment.trace))
    ctx.append('set-cookie', cookie.plant(secret))
    if (byForm) {
      ctx.status = 303
      ctx.set('location', `/${deps.tenant}/innbygger/`)
      ctx.body = ''
      return
    }
    ctx.status = 201
    ctx.body = face(user)
  })

  router.post('/session/end', async (ctx) => {
    accept(readMembers(await readJson(ctx), { required: {} }))
    const secret = cookie.read(ctx.get('cookie'))
    const { trace } = ctx.state
    if (secret !== undefined) await sessions.end(secret, { now: deps.now(), trace }, told('logout', trace))
    ctx.append('set-cookie', cookie.clear())
    ctx.status = 204
  })
}

async function verify(deps: CitizenDeps, ctx: AppContext, username: string, password: string): Promise<DirectoryUser> {
  const verification = await deps.people.verify(username, password)
  if (verification.outcome === 'verified' && verification.user.kind === 'citizen') return verification.user
  const code = verification.outcome === 'verified' ? 'citizens_only' : verification.outcome
  const detail = { code }
  const { trace } = ctx.state
  await deps.audit.write({ activity: 'login-refused', outcome: 'refused', actor: STRANGER, trace, detail })
  switch (verification.outcome) {
    case 'verified':
      return refuse(403, 'citizens_only', 'these pages are for citizens')
    case 'closed':
      throw new Refusal(429, 'too_many_attempts', 'too many failed attempts', {
        headers: { 'retry-after': String(verification.seconds) },
      })
    case 'refused':
      return refuseCredentials()
  }
}
