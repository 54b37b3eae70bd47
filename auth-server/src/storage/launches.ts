import type { AuthorizedLaunch, LaunchId, LaunchTicket } from '@uthopp/smart-core/launch'
import type { Database } from '@uthopp/storage/database'

/** A launch as the host offered it. Secrets arrive hashed. */
export type OfferedLaunch = {
  readonly ticket: LaunchTicket
  /** Where the browser goes with `iss` and the handle. */
  readonly launchUri: string
  readonly handleHash: string
  /** Bound launches start at a start address and need the proof cookie; the others carry the handle alone. */
  readonly binding:
    | { readonly kind: 'bound'; readonly startHash: string; readonly startExpiresAt: Date }
    | { readonly kind: 'unbound' }
}

type StartableLaunch = { readonly launchId: LaunchId; readonly hostId: string }
type CheckedLaunch = { readonly sealedHandle: string; readonly launchUri: string; readonly clientId: string }
/** `awaited`: checked in some browser, and redeemable from there now. */
type LaunchByHandle = { readonly launchId: LaunchId; readonly bound: boolean; readonly awaited: boolean }
export type EndedLaunch = { readonly launchId: string; readonly clientId: string; readonly grantId: string | undefined }
export type TellEnded = (inside: Database, ended: readonly EndedLaunch[]) => Promise<void>
export type EndScope =
  | { readonly kind: 'session'; readonly session: string }
  | { readonly kind: 'workspace'; readonly workspace: string }
  | { readonly kind: 'launch'; readonly handleHash: string }

/**
 * The launches of one tenant, from offer to end.
 *
 * Every step is one conditional statement on one row, so each happens at most once whoever races whom.
 * Spent, expired, ended and unknown all yield undefined or false, so none can be told apart.
 */
export interface LaunchStore {
  /**
   * Keeps the offer and, in the same moment, ends what this workspace of this session had open for other patients: a tab shows one
   * patient (contracts §3). `inside` hears what ended, in the transaction that does it.
   */
  offer(launch: OfferedLaunch, inside?: TellEnded): Promise<readonly EndedLaunch[]>
  /** Looks without touching: which host's launch this start address would start. */
  findStart(startHash: string, now: Date): Promise<StartableLaunch | undefined>
  /** Spends the start address and keeps the proof's hash with the sealed handle. */
  start(spent: {
    readonly startHash: string
    readonly proofHash: string
    readonly sealedHandle: string
    readonly now: Date
  }): Promise<boolean>
  /** The browser showed its proof: hands over the sealed handle, once. */
  check(shown: {
    readonly launchId: string
    readonly proofHash: string
    readonly now: Date
  }): Promise<CheckedLaunch | undefined>
  /** The host whose launch this is, for as long as the launch can still be checked. */
  findHost(launchId: string, now: Date): Promise<string | undefined>
  /** Looks without touching, so that a request can be asked for the right cookie. */
  findByHandle(handleHash: string, now: Date): Promise<LaunchByHandle | undefined>
  /** Hands the intent over once. A wrong client or a wrong or absent proof changes nothing: the rightful browser still can. */
  redeem(attempt: {
    readonly handleHash: string
    readonly proofHash: string | undefined
    readonly clientId: string
    readonly now: Date
  }): Promise<LaunchTicket | undefined>
  /** Undoes a redemption nothing came of, for a launch that has no grant and has not ended; false when there is none such. */
  giveBack(launchId: string, now: Date): Promise<boolean>
  /** Ties the decided launch to its grant; false when the launch ended meanwhile, and then nothing is kept. */
  authorize(decided: {
    readonly launchId: string
    readonly authorized: AuthorizedLaunch
    readonly keepUntil: Date
    readonly now: Date
  }): Promise<boolean>
  findByGrant(grantId: string): Promise<AuthorizedLaunch | undefined>
  /** Ends the host's launches in scope: unredeemed handles, grants and everything issued from them die together. */
  end(hostId: string, scope: EndScope, now: Date, inside?: TellEnded): Promise<readonly EndedLaunch[]>
}
