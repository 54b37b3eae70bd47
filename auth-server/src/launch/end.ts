import { readJson } from '@uthopp/server-kit/body'
import type { AppContext } from '@uthopp/server-kit/http-app'
import { readMembers, text } from '@uthopp/server-kit/members'
import { accept } from '@uthopp/server-kit/refusal'
import { isProblem, type Problem, problem } from '@uthopp/smart-core/problem'
import type { EndScope, LaunchStore } from '#src/storage/launches.ts'
import type { LaunchEvents } from './events.ts'
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
    const ended = await deps.launches.end(host.clientId, scope, deps.now())
    for (const { launchId, clientId } of ended)
      deps.events.tell(
        'launch-ended',
        { launchId, clientId, code: scope.kind, correlationId: ctx.state.trace.traceId },
        { detail: { host: host.clientId } },
      )
    ctx.body = { ended: ended.length }
  }
