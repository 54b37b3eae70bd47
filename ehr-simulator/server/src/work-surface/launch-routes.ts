import type { Router } from '@koa/router'
import { readJson } from '@uthopp/server-kit/body'
import type { AppState } from '@uthopp/server-kit/http-app'
import { readMembers } from '@uthopp/server-kit/members'
import { accept, Refusal, refuse } from '@uthopp/server-kit/refusal'
import { clinician } from '#src/audit/audit-writer.ts'
import type { LaunchEndings } from '#src/session/launch-endings.ts'
import type { Sittings } from './access/sittings.ts'
import { noteLeaning } from '#src/session/leaning-launches.ts'
import { OfferedLaunches } from '#src/session/offered-launches.ts'
import type { SessionGuard } from '#src/session/session-guard.ts'
import { ENDING_SHAPE, LAUNCH_SHAPE, workspaceName, writeOffer } from './launch-offer.ts'
import type { SurfaceDeps } from './surface-deps.ts'

/** Opening an app, and ending what was opened. */
export function addLaunchRoutes(
  router: Router<AppState>,
  rooms: {
    readonly deps: SurfaceDeps
    readonly guard: SessionGuard
    readonly sittings: Sittings
    readonly endings: LaunchEndings
  },
): void {
  const { deps, guard, sittings, endings } = rooms
  const offers = new OfferedLaunches()
  router.post('/launches', async (ctx) => {
    const present = await guard.onDuty(ctx)
    const wish = accept(readMembers(await readJson(ctx), LAUNCH_SHAPE))
    const offer = await writeOffer(deps, present, wish, ctx.state.trace)
    if ('decision' in offer && typeof offer.decision === 'string') {
      await noteLeaning(deps.database, deps.tenant, { decision: offer.decision, workspace: offer.workspace })
    }
    const { handle, startUrl, expiresAt } = readAnswer(
      await offerLaunch(() => deps.channel.offer(ctx.state.trace, offer)),
    )
    // Signed out or another role while the offer was on its way: the ending was told before there was anything to end.
    if (!(await guard.isStill(present))) {
      await endings.end(ctx.state.trace, { scope: 'session', value: present.session.ref })
      return refuse(401, 'not_signed_in', 'sign in first')
    }
    deps.log.info('launch-offered', { tenant: deps.tenant, clientId: wish.app, correlationId: ctx.state.trace.traceId })
    // The start address goes to this session's browser and to nobody else; it opens once.
    ctx.status = 201
    ctx.body = { launch: offers.remember(present.session.ref, handle), start_url: startUrl, expires_at: expiresAt }
  })

  router.post('/launches/end', async (ctx) => {
    const { session, user } = await guard.signedIn(ctx)
    const { workspace, launch, patient, switched } = accept(readMembers(await readJson(ctx), ENDING_SHAPE))
    if ((workspace === undefined) === (launch === undefined)) {
      refuse(400, 'invalid_request', 'name one of `workspace` and `launch`')
    }
    if (launch !== undefined && (patient ?? switched) !== undefined) {
      refuse(400, 'invalid_request', '`patient` and `switched` belong to a `workspace`')
    }
    if (patient !== undefined) {
      const activity = switched === true ? 'patient-switch' : 'patient-closed'
      const actor = clinician(user.id, session.role)
      const { trace } = ctx.state
      await sittings.end(session.ref, 'chart', patient, () => deps.audit.write({ activity, actor, trace, patient }))
    }
    if (workspace !== undefined) {
      await endings.end(ctx.state.trace, { scope: 'workspace', value: workspaceName(session.ref, workspace) })
    }
    // A launch that is not this session's, or is over, is nothing to end: same answer, nothing told.
    const handle = launch === undefined ? undefined : offers.take(session.ref, launch)
    if (handle !== undefined) await endings.endOne(ctx.state.trace, handle)
    ctx.status = 204
  })
}

/** What the browser hears of the authorization server's trouble: that there is some, not which. */
async function offerLaunch<T>(offer: () => Promise<T>): Promise<T> {
  try {
    return await offer()
  } catch (cause) {
    if (cause instanceof Refusal && cause.status < 500) {
      throw new Refusal(502, 'launch_refused', 'the authorization server refused the launch', { cause })
    }
    throw new Refusal(503, 'launch_unavailable', 'the authorization server does not answer', { cause })
  }
}

function readAnswer(answer: Readonly<Record<string, unknown>>) {
  const { launch: handle, start_url: startUrl, expires_at: expiresAt } = answer
  if (typeof handle !== 'string' || typeof startUrl !== 'string' || typeof expiresAt !== 'string') {
    return refuse(502, 'launch_refused', 'the authorization server answered with something else than an offer')
  }
  return { handle, startUrl, expiresAt }
}
