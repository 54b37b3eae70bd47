import { createCaacDecisionPoint } from '#src/caac/caac-point.ts'
import type { DecisionPoint } from '#src/decision-point.ts'
import { createRemoteDecisionPoint } from '#src/remote.ts'

/** Where the deployment has a trust's decision point, and how whoever asks it proves itself. */
export type Elsewhere = {
  /** Absent: every process decides for itself. */
  readonly pdp: string | undefined
  /** What this process itself answers as; absent: it answers nobody. */
  readonly own?: string
  /** The host's own access control, `<host>/<orgnr>/caac`, and a whole `Authorization` header value for it; absent at the host. */
  readonly caac?: { readonly address: string; readonly authorization: () => Promise<string> }
  /** A token for any other decision point, which is asked over AuthZEN. */
  readonly bearer: (pdp: string) => Promise<string>
  readonly timeoutMs: number
  readonly now: () => Date
}

/** Opens the decision point a deployment names; undefined when this process is to decide: asking itself would be no other answer. */
export function openElsewhere({ pdp, own, caac, bearer, timeoutMs, now }: Elsewhere): DecisionPoint | undefined {
  if (pdp === undefined || pdp === own) return undefined
  return caac !== undefined && pdp === `${caac.address}/decide`
    ? createCaacDecisionPoint({ address: pdp, bearer: caac.authorization, timeoutMs, now })
    : createRemoteDecisionPoint({ pdp, bearer: () => bearer(pdp), timeoutMs, now })
}
