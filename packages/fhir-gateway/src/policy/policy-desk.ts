import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import type { Blockable } from '@uthopp/policy/in-process'
import type { PolicyStage } from '@uthopp/server-kit/deployment'
import type { Log } from '@uthopp/server-kit/log'
import type { Trust } from '#src/trust.ts'

/** The decision point of one trust, and how far this gateway acts on it. */
type TrustPolicy =
  | { readonly stage: 'off' }
  | ({ readonly stage: Exclude<PolicyStage, 'off'> } & Pick<Deciding, 'point' | 'markOf' | 'blockable'>)

export type PolicyDesk = {
  readonly of: (trust: Trust) => TrustPolicy
  /** Undefined when every trust is decided for, else what is missing. */
  readonly ready: () => string | undefined
  /** The trusts where policy is not acted on, in words for whoever watches the process. */
  readonly warnings: () => readonly string[]
  readonly start: () => void
  readonly close: () => Promise<void>
}

/** What a trust is decided by, and what has to be followed for it. */
export type Deciding = {
  readonly point: DecisionPoint
  /**
   * Stays the same while decisions about this person and these patients would come out the same but for the time; undefined
   * where nobody can say. Absent: nobody ever can, as with a decision point elsewhere.
   */
  readonly markOf?: ((user: string, patients: readonly string[]) => string | undefined) | undefined
  /** Where something blocked would have to be looked for; absent: nobody knows but by a decision on each resource. */
  readonly blockable?: ((ask: Ask) => Promise<Blockable>) | undefined
  /** Begins to follow what the facts stand on; a decision point elsewhere follows it itself. */
  readonly start: () => void
  /** What is not as it should be while it decides all the same. */
  readonly warnings: () => readonly string[]
  readonly close: () => Promise<void>
}

/** One decision point a trust: a rule book and the facts of one trust never answer for another. */
export function createPolicyDesk(options: {
  readonly trusts: Iterable<{ readonly trust: Trust; readonly stage: PolicyStage }>
  readonly decidingFor: (trust: Trust) => Deciding
  readonly log: Log
}): PolicyDesk {
  const { log } = options
  const desks = new Map<string, { readonly policy: TrustPolicy; readonly deciding?: Deciding }>()
  for (const { trust, stage } of options.trusts) {
    if (stage === 'off') {
      desks.set(trust.orgnr, { policy: { stage } })
      continue
    }
    const deciding = options.decidingFor(trust)
    desks.set(trust.orgnr, { policy: { stage, ...deciding }, deciding })
  }
  return {
    of({ orgnr }) {
      const known = desks.get(orgnr)
      if (known === undefined) throw new Error('no policy for a trust that is served') // trusts come from one deployment
      return known.policy
    },
    ready() {
      for (const [orgnr, { policy, deciding }] of desks) {
        // What is not acted on keeps nobody from working.
        const missing = policy.stage === 'enforce' ? deciding?.point.ready() : undefined
        if (missing !== undefined) return `policy of ${orgnr}: ${missing}`
      }
      return undefined
    },
    warnings: () =>
      [...desks].flatMap(([orgnr, { policy, deciding }]) => [
        ...(policy.stage === 'enforce' ? [] : [`policy of ${orgnr} is ${policy.stage} at the gateway`]),
        ...(deciding?.warnings() ?? []).map((warning) => `policy of ${orgnr}: ${warning}`),
      ]),
    start() {
      for (const [tenant, { policy, deciding }] of desks) {
        deciding?.start()
        if (policy.stage !== 'enforce') log.warn('policy-not-enforced', { tenant, code: policy.stage })
      }
    },
    async close() {
      for (const { deciding } of desks.values()) await deciding?.close()
    },
  }
}
