import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { EndScope, LaunchStore, TellEnded } from '#src/storage/launches.ts'
import type { LaunchEvents, TellInside } from './events.ts'
import type { RequireHost } from './host-auth.ts'
import { secretHash } from './secrets.ts'

const SHAPE = { required: {}, optional: { session: text, workspace: text, launch: text } }

function parseEndScope(body: unknown): EndScope | Problem {
  const members = readMembers(body, SHAPE)
  if (isProblem(members)) return members
  const { session, workspace, launch } = members
  const given = [
    ...(session === undefined ? [] : [{ kind: 'session', session } as const]),
    ...(workspace === undefined ? [] : [{ kind: 'workspace', workspace } as const]),
    ...(launch === undefined ? [] : [{ kind: 'launch', handleHash: secretHash(launch) } as const]),
  ]
  const [only, second] = given
  return only === undefined || second !== undefined
    ? problem('body', 'exactly one of `session`, `workspace` and `launch` says what ends')
    : only
}

/** Says of each launch that ended by which word of the host's, in the transaction that ended it. */
export const tellEnded =
  (tell: TellInside, host: string, code: EndScope['kind'] | 'patient-switch', correlationId: string): TellEnded =>
  async (inside, ended) => {
    for (const { launchId, clientId } of ended) {
      const about = { launchId, clientId, code, correlationId }
      await tell(inside, 'launch-ended', about, { detail: { host } })
    }
  }

/** `POST <issuer>/launches/end`: handles, grants and tokens of those launches die; a host ends only what it offered. */
export const endLaunches =
  (deps: {
    readonly requireHost: RequireHost
    readonly launches: LaunchStore
    readonly events: LaunchEvents
    readonly now: () => Date
  }) =>
  async (ctx: AppContext): Promise<void> => {
    const host = await deps.requireHost(ctx)
    const scope = accept(parseEndScope(await readJson(ctx)))
    const { traceId } = ctx.state.trace
    const ended = await deps.events.deed((tell) =>
      deps.launches.end(host.clientId, scope, deps.now(), tellEnded(tell, host.clientId, scope.kind, traceId)),
    )
    ctx.body = { ended: ended.length }
  }
