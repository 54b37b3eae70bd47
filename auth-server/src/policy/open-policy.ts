import type { DecisionPoint } from '@uthopp/policy/decision-point'
import type { FactSource } from '@uthopp/policy/facts'
import type { TrustDeployment } from '@uthopp/server-kit/deployment'
import type { Log } from '@uthopp/server-kit/log'
import type { LaunchEvents } from '#src/launch/events.ts'
import type { ServiceSigner } from '@uthopp/server-kit/service-token'

/** What decides in one trust, and what it decides on. */
export type OpenedPolicy = {
  readonly point: DecisionPoint
  /** The host's facts as the decision point gets them. */
  readonly facts: FactSource
  /** The folder of the rule book that serves. */
  readonly rules: string
  /** What whoever runs the trust should know although it serves. */
  readonly warnings: () => readonly string[]
}

/** How a trust's decision point is reached, with the signer it calls the host with. */
export type OpenPolicy = (given: {
  readonly trust: TrustDeployment
  readonly signer: ServiceSigner
  readonly log: Log
  /** Hears of every change of the rules. */
  readonly events: LaunchEvents
  readonly now: () => Date
  readonly stopping: AbortSignal
}) => OpenedPolicy
