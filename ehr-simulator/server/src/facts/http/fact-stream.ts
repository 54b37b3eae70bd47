import { createChangeStream } from '@uthopp/server-kit/change-stream'
import type { AppContext } from '@uthopp/server-kit/http-app'
import type { ServiceVerifier } from '@uthopp/server-kit/service-token'
import { requireOwnProcess } from '#src/http/own-process.ts'
import type { ChangeLog } from '../changes.ts'

/** Twice a second and more, within the two seconds of silence after which a reader leans on no fact any more (contracts §5). */
const BEAT_EVERY_MS = 350

/**
 * `GET /<orgnr>/facts/changes`: who or what is different, as it comes to be.
 *
 * A reader that names no sequence hears what happens from now on, and keeps nothing it knew before. One that names a
 * sequence this log never gave is told everything that ever changed.
 */
export function createFactStream(deps: {
  readonly readers: ServiceVerifier
  readonly changes: ChangeLog
  readonly now: () => Date
  readonly stopping: AbortSignal
}): (ctx: AppContext) => Promise<void> {
  const { readers, changes, now, stopping } = deps
  return createChangeStream({
    admit: async (ctx) => ({ until: (await requireOwnProcess(ctx, readers)).expiresAt }),
    log: {
      start: () => changes.head(),
      resume: async (position) => (await changes.resume(position)) ?? { ...(await changes.head()), sequence: 0 },
      readAfter: (position) => changes.readAfter(position),
    },
    // What the place of a patient's latest change is called, is also the patient's epoch.
    membersOf: ({ kind, id }, position) => (kind === 'patient' ? { kind, id, epoch: position } : { kind, id }),
    beatEveryMs: BEAT_EVERY_MS,
    now,
    stopping,
  })
}
