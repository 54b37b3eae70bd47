import type { AuthorizedLaunch } from '@uthopp/smart-core/launch'

/** `offline_access`: as long as the longest refresh token lives; ending the launch ends it sooner. */
export const OFFLINE_SECONDS = 90 * 24 * 3600
/** A working day: `online_access` ends with the host's session, and a host that never says so must not matter longer. */
export const ONLINE_SECONDS = 12 * 3600
/** A code and the access token it buys, with room for clocks that differ. */
const UNREFRESHED_SECONDS = 15 * 60

/** How long a launch is worth keeping: until nothing that was granted in it can be used any more. */
export function keepUntil({ granted }: AuthorizedLaunch, from: Date): Date {
  const seconds = granted.includes('offline_access')
    ? OFFLINE_SECONDS
    : granted.includes('online_access')
      ? ONLINE_SECONDS
      : UNREFRESHED_SECONDS
  // A refresh at the last moment still buys an access token.
  return new Date(from.getTime() + (seconds + UNREFRESHED_SECONDS) * 1000)
}
