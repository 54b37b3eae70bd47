import { setTimeout as sleep } from 'node:timers/promises'
import type { KeyStore } from '#src/storage/keys.ts'
import { createLook, type IssuerKeys } from './issuer-keys.ts'
import type { KeySchedule } from './stages.ts'

/** An issuer's keys as they change while it runs. */
export type KeyRing = {
  /**
   * What is made of the keys, made anew when they have changed. Ask at each use: a request that holds what it was answered
   * ends with that, and the next request gets the new.
   */
  readonly derive: <T>(make: (keys: IssuerKeys) => T) => () => T
}

/** Takes the stored keys into use and follows what becomes of them until `stopping`. */
export async function openKeyRing(deps: {
  readonly store: KeyStore
  readonly schedule: KeySchedule
  readonly now: () => Date
  readonly stopping: AbortSignal
  readonly changed: (keys: IssuerKeys) => void
  readonly failed: (error: unknown) => void
}): Promise<KeyRing> {
  const look = createLook(deps)
  let keys = await look()

  async function follow(): Promise<void> {
    while (!deps.stopping.aborted) {
      await sleep(deps.schedule.lookEveryMs, undefined, { signal: deps.stopping, ref: false })
      const found = await look()
      if (found === keys) continue
      keys = found
      deps.changed(keys)
    }
  }
  const keepFollowing = (): void =>
    void follow().catch((error: unknown) => {
      if (deps.stopping.aborted) return
      // The keys in use stay good for as long as storage is away: whoever wrote there left room for it.
      deps.failed(error)
      keepFollowing()
    })
  keepFollowing()

  return {
    derive(make) {
      let from = keys
      let made = make(from)
      return () => {
        if (from !== keys) {
          made = make(keys)
          from = keys
        }
        return made
      }
    },
  }
}
