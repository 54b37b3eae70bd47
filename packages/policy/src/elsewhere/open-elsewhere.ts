import { createCaacDecisionPoint } from '#src/caac/caac-point.ts'
import type { DecisionPoint } from '#src/decision-point.ts'
import { createRemoteDecisionPoint } from '#src/remote.ts'

/** Where the deployment has a trust's decision point, and how whoever asks it proves itself. */
export type Elsewhere = {
  /** Absent: every process decides for itself. */
  readonly pdp: string | undefined
  /** What this process itself answers as; absent: it answers nobody. */
  readonly own?: string
  /** The host's own access control, `<host>/<orgnr>/caac`; absent at the host. */
  readonly caac?: string
  /**
   * The decision point of the trust's own issuer, `<issuer>/pdp`, and a token that the issuer gave this process for it, which
   * is forgotten where it is refused; absent at the issuer.
   */
  readonly issuer?: {
    readonly pdp: string
    readonly token: () => Promise<string>
    readonly forget: (refused: string) => void
  }
  /** A whole `Authorization` header value of this process's own making, good where it is meant for and nowhere else. */
  readonly signed: (audience: string) => Promise<string>
  readonly timeoutMs: number
  readonly now: () => Date
}

/**
 * Opens the decision point a deployment names; undefined when this process is to decide: asking itself would be no other answer.
 *
 * INVARIANT: what the issuer gave for its own decision point goes there only (AZ-36). Any other, whoever runs it, gets a word of
 * ours that names it as its audience, so it can bring that to nobody.
 */
export function openElsewhere(options: Elsewhere): DecisionPoint | undefined {
  const { pdp, own, caac, issuer, signed, timeoutMs, now } = options
  if (pdp === undefined || pdp === own) return undefined
  if (caac !== undefined && pdp === `${caac}/decide`)
    return createCaacDecisionPoint({ address: pdp, bearer: () => signed(caac), timeoutMs, now })
  if (pdp !== issuer?.pdp) return createRemoteDecisionPoint({ pdp, authorization: () => signed(pdp), timeoutMs, now })
  return createRemoteDecisionPoint({
    pdp,
    authorization: async () => `Bearer ${await issuer.token()}`,
    forget: (refused) => issuer.forget(refused.replace(/^Bearer /, '')),
    timeoutMs,
    now,
  })
}
