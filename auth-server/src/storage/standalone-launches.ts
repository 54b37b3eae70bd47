import type { AuthorizedLaunch } from '@uthopp/smart-core/launch'

/** A standalone launch that a person allowed. */
type KeptLaunch = {
  readonly grantId: string
  readonly clientId: string
  readonly granted: readonly string[]
  readonly authorizedAt: Date
}

/** The standalone launches of one tenant: each stands on the grant it led to, and lives as long as that. */
export interface StandaloneLaunchStore {
  /** Keeps a decided launch; false when this interaction led to one before, and then nothing is kept. */
  authorize(decided: {
    readonly interaction: string
    readonly authorized: AuthorizedLaunch
    readonly keepUntil: Date
    readonly now: Date
  }): Promise<boolean>
  findByGrant(grantId: string): Promise<AuthorizedLaunch | undefined>
  /** The person's launches whose grant is alive, newest first. */
  ofUser(user: string, now: Date): Promise<readonly KeptLaunch[]>
}
