import type { AppContext } from '@uthopp/server-kit/http-app'
import { childTraceparent, type Trace } from '@uthopp/server-kit/trace'
import type { Log } from '@uthopp/server-kit/log'
import type { AuditTrail } from '#src/audit/ledger.ts'
import type { PageSeal } from '#src/fhir/page-seal.ts'
import type { SmartConfigurations } from '#src/fhir/smart-configuration.ts'
import { type UpstreamFhir, upstreamFhir } from '#src/fhir/upstream-fhir.ts'
import type { GlimpsesOf } from '#src/policy/glimpses.ts'
import type { PolicyDesk } from '#src/policy/policy-desk.ts'
import type { VisitUnits } from '#src/policy/visit-units.ts'
import type { TokenVerifier } from '#src/token/verify-token.ts'
import type { Trust } from '#src/trust.ts'
import type { UpstreamClient } from '#src/upstream/client.ts'
import type { Timing } from './even-time.ts'

/** What both doors work with. */
export type DoorDeps = {
  readonly verifyToken: TokenVerifier
  readonly smartConfigurations: SmartConfigurations
  readonly client: UpstreamClient
  /** A whole `Authorization` header for one server behind us: an imaging server must not be able to use its own at the FHIR store. */
  readonly serviceToken: (upstream: string) => Promise<string>
  readonly seal: PageSeal
  readonly policy: PolicyDesk
  readonly visitUnits: VisitUnits
  readonly glimpsesOf: GlimpsesOf
  readonly trail: AuditTrail
  readonly log: Log
  readonly now: () => Date
  /** What answers that show nothing are kept back by; absent, the time of the machine. */
  readonly timing?: Timing | undefined
}

/** The FHIR server of a trust for one caller: calls end when the caller has gone. */
export function callerUpstream(deps: DoorDeps, trust: Trust, trace: Trace, signal: AbortSignal): UpstreamFhir {
  return upstreamFhir({ ...settings(deps, trust, trace), signal })
}

/** The same for an answer that several callers wait for: one of them leaving must not take it from the others. */
export function sharedUpstream(deps: DoorDeps, trust: Trust, trace: Trace): UpstreamFhir {
  return upstreamFhir(settings(deps, trust, trace))
}

/** Aborted when the caller has gone; one a request, since every listener on an answer counts. */
export function untilGone(ctx: AppContext): AbortSignal {
  const gone = new AbortController()
  ctx.res.once('close', () => gone.abort(GONE))
  return gone.signal
}

/** Every answer closes; an error made anew for each, with its stack, would cost more than a decision. */
const GONE = new Error('the caller has gone away')

const settings = (deps: DoorDeps, trust: Trust, trace: Trace) => ({
  client: deps.client,
  base: trust.fhirUpstream,
  authorization: () => deps.serviceToken(trust.fhirUpstream),
  traceparent: childTraceparent(trace),
})
