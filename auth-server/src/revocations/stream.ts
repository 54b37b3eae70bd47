import { createChangeStream } from '@uthopp/server-kit/change-stream'
import type { AppContext } from '@uthopp/server-kit/http-app'
import type { RequireScope } from '#src/clients/scoped-caller.ts'
import type { RevocationLog } from './revocations.ts'

/** Well inside the four seconds of silence after which a reader trusts nothing any more (contracts §5). */
const BEAT_EVERY_MS = 1000

type StreamDeps = {
  readonly requireScope: RequireScope
  readonly revocations: RevocationLog
  readonly now: () => Date
  readonly stopping: AbortSignal
}

/**
 * `GET <issuer>/revocations`: first everything still kept, or everything after the sequence the reader names; then what
 * dies, as it dies. The first heartbeat ends the snapshot.
 */
export function createRevocationStream(deps: StreamDeps): (ctx: AppContext) => Promise<void> {
  const { requireScope, revocations, now, stopping } = deps
  return createChangeStream({
    admit: (ctx) => requireScope(ctx, ['__revocations']),
    log: {
      start: () => revocations.start(),
      // A place that means nothing here is answered with everything.
      resume: async (position) => (await revocations.resume(position)) ?? revocations.start(),
      readAfter: async (position) => {
        const { revocations: entries, ...page } = await revocations.readAfter(position)
        return { entries, ...page }
      },
    },
    membersOf: ({ kind, id, at }) => ({ kind, id, at: at.toISOString() }),
    beatEveryMs: BEAT_EVERY_MS,
    now,
    stopping,
  })
}
