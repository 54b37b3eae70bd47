import type { Trace } from '@uthopp/server-kit/trace'
import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import type { Ledger } from '#src/audit/ledger.ts'
import type { Glimpses } from '#src/policy/glimpses.ts'
import type { Trust } from '#src/trust.ts'
import type { FhirAnswer } from './answer.ts'
import type { Effort } from './effort.ts'
import type { PageSeal } from './page-seal.ts'
import type { Review } from './review.ts'
import type { FhirCall, FhirReply, UpstreamFhir } from './upstream-fhir.ts'

/** Everything a decision about one caller's request may use. */
export type Exchange = {
  readonly trust: Trust
  readonly review: Review
  readonly ledger: Ledger
  readonly upstream: UpstreamFhir
  readonly seal: PageSeal
  /** What was seen a moment ago of what is not shown. */
  readonly glimpses: Glimpses
  /** References of this request that were looked up, and whether they are the own patient's. */
  readonly lookedUp: Map<string, boolean>
  /** What the request may still cost the server behind us. */
  readonly effort: Effort
  /**
   * The same caller, for work that goes on when the request has been answered: nothing of it, neither what it reads nor what
   * is looked up to decide about that, ends with whoever asked.
   */
  readonly goingOn: (trace: Trace, ends: AbortSignal) => Exchange
}

/** What the caller sent, once it has a meaning. Entries of a batch have the same shape as requests of their own. */
export type Asked = {
  readonly interaction: FhirInteraction
  /** Path and query as they were written, for links back to the same question. */
  readonly url: string
  readonly body: unknown
  readonly ifMatch: string | undefined
  /** Matches at the head of a page that an earlier one has dealt with. */
  readonly skip: number
  /** True for a page that a link of an earlier one leads to. */
  readonly isFurther: boolean
  /** Where that page lies at the server behind us. */
  readonly pageUrl?: string
  /** True for a request that came alone, so that what it reads may be read while it is decided whether anything may be. */
  readonly isAlone: boolean
  readonly returns: 'minimal' | 'representation' | 'OperationOutcome'
}

/**
 * An interaction that has passed the request side: the one call it becomes, and how its answer is decided.
 *
 * The two travel together, so that nothing can be asked of the server behind us without its answer being reviewed; a
 * transaction sends many calls in one Bundle and reviews each entry of the answer with the same function.
 */
export type Step = {
  readonly call: FhirCall
  /** The resource a PUT or POST carries, for a transaction's entry. */
  readonly resource?: Resource
  /** The answer to the call, where it was asked for already. */
  readonly reply?: Promise<FhirReply> | undefined
  readonly review: (reply: FhirReply) => Promise<FhirAnswer>
}
