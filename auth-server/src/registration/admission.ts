import { refuse } from '@uthopp/server-kit/refusal'
import type { Client } from '#src/clients/client.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { refuseUntil } from '#src/limits/caller.ts'
import type { Limits } from '#src/limits/limits.ts'
import { createWindows } from '#src/limits/windows.ts'
import type { Registrations } from '#src/storage/registrations.ts'

/** Whoever has just registered is still on the way to the first launch: a flood does not push that app out. */
const SAFE_MS = 10 * 60_000
const USED_EVERY_MS = 60 * 60_000
const MOST_REMEMBERED = 10_000

/** Who may still register, and what makes room for whom. */
export function createAdmission(deps: {
  readonly registrations: Registrations
  readonly limits: Limits
  readonly events: LaunchEvents
  readonly now: () => Date
}) {
  const { registrations, limits, events, now } = deps
  const ofAll = createWindows({ perMinute: limits.registrationsPerMinute, now })
  const ofAddress = createWindows({ perMinute: limits.registrationsPerMinuteOfAddress, now })
  const ofStranger = createWindows({ perMinute: limits.registrationsPerMinuteOfAddress, now })
  const ofHolder = createWindows({ perMinute: limits.registrationsPerMinuteOfAddress, now })
  const usedAt = new Map<string, number>()

  function take(...counted: readonly (readonly [ReturnType<typeof createWindows>, string])[]): void {
    for (const [windows, key] of counted) {
      const wait = windows.waitOf(key)
      if (wait !== undefined) refuseUntil(wait, 'too many registrations; try again later')
    }
    const full = counted.map(([windows, key]) => windows.count(key))
    if (full.includes(true)) events.tell('registrations-limited', {})
  }

  async function makeRoom(correlationId: string): Promise<boolean> {
    const gone = await registrations.removeOldestUnused(new Date(now().getTime() - SAFE_MS), now())
    if (gone !== undefined) events.tell('client-expired', { clientId: gone, correlationId })
    return gone !== undefined
  }

  return {
    /** Where registration is open. Every attempt counts, good or bad: reading metadata and checking keys is work too. */
    countAnybody: (address: string): void => take([ofAddress, address], [ofAll, '']),
    /** Where it is not: somebody without a good token counts for their address alone, and nobody else waits for them. */
    countStranger: (address: string): void => take([ofStranger, address]),
    countHolder: (tokenHash: string): void => take([ofHolder, tokenHash]),
    /** Keeps the app, in place of the oldest nobody used where the trust is full. */
    async admit(client: Client, correlationId: string): Promise<void> {
      const add = () => registrations.add(client, limits.registeredApps, now())
      if ((await add()) || ((await makeRoom(correlationId)) && (await add()))) return
      refuse(503, 'temporarily_unavailable', 'this trust has no room for another app now', {
        headers: { 'retry-after': String(SAFE_MS / 1000) },
      })
    },
    /** An app got a token. Written down once an hour at most, so that tokens cost no write. */
    used(clientId: string): void {
      const at = now().getTime()
      if (at - (usedAt.get(clientId) ?? -Infinity) < USED_EVERY_MS) return
      const oldest = usedAt.size >= MOST_REMEMBERED ? usedAt.keys().next().value : undefined
      if (oldest !== undefined) usedAt.delete(oldest)
      usedAt.set(clientId, at)
      registrations.markUsed(clientId, now()).catch((error: unknown) => {
        usedAt.delete(clientId)
        events.failed(error, { clientId })
      })
    },
  }
}

export type Admission = ReturnType<typeof createAdmission>
