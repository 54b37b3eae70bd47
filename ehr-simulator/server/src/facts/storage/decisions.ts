import type { Database } from '@uthopp/storage/database'
import type { Review, TakenDecision } from '../taken-decisions.ts'

/** Whose decisions are asked for. */
type Holder = { readonly user: string; readonly role: string }

type Renewal = { readonly at: Date; readonly reason: string; readonly until: Date }

/** Decisions that somebody made, at one tenant. Every change is in the log of changes with it, or did not happen. */
export interface DecisionStore {
  find(id: string): Promise<TakenDecision | undefined>
  /** Live now, the newest first. */
  liveOf(holder: Holder, patients: readonly string[], now: Date): Promise<readonly TakenDecision[]>
  /** Everything about one patient, the newest first. */
  ofPatient(patient: string): Promise<readonly TakenDecision[]>
  /** Live now in this role, for whichever patient. */
  heldBy(holder: Holder, now: Date): Promise<readonly TakenDecision[]>
  /** What one person ever decided in this role for one patient since then, the newest first. */
  historyOf(holder: Holder, patient: string, since: Date): Promise<readonly TakenDecision[]>
  /** What one person took last on that ground for one patient, in whichever role. */
  latestOf(user: string, patient: string, template: string): Promise<TakenDecision | undefined>
  /**
   * False, and nothing kept, when the id is taken or the same person holds a live decision of that template already; and when
   * their latest is not the one `after` which this is meant to be.
   */
  take(decision: TakenDecision, now: Date, also?: Also, after?: string | null): Promise<boolean>
  /** The decision, prolonged; undefined for one that is unknown, over, has been prolonged before, or was followed by another. */
  renew(id: string, renewal: Renewal, also?: Also): Promise<TakenDecision | undefined>
  /** The decision, ended; undefined for one that is unknown or over already. */
  end(id: string, now: Date, also?: Also): Promise<TakenDecision | undefined>
  /**
   * Decisions found to be over, each handed out exactly once however many processes ask. `inside` runs in the transaction
   * that hands them out, so that what must follow from their end is written down with it.
   */
  settle(now: Date, inside: Settle): Promise<readonly TakenDecision[]>
  /**
   * What people gave themselves, the newest first: all that waits for a review it must have, however old it is, and of the
   * rest the newest.
   */
  selfAuthorized(asked: Concern): Promise<readonly TakenDecision[]>
  /** False for one that is not self-authorised, is of another unit, or has been reviewed. */
  review(id: string, unit: string, review: Review, also?: Also): Promise<boolean>
}

/** Work done on the transaction that changes the decision: both stand, or neither does. */
export type Also = (inside: Database, decision: TakenDecision) => Promise<void>

/** What concerns a leader: what the people of the units gave themselves, and certain templates for certain patients. */
type Concern = {
  readonly units: readonly string[]
  readonly templates: readonly string[]
  readonly patients: readonly string[]
  /** How far back it is looked for what need not be reviewed, or has been. */
  readonly since: Date
}

/** Work done on the transaction that settles. */
type Settle = (inside: Database, over: readonly TakenDecision[]) => Promise<void>
