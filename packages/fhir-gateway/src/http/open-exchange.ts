import { Refusal } from '@uthopp/server-kit/refusal'
import type { AppContext } from '@uthopp/server-kit/http-app'
import type { Trace } from '@uthopp/server-kit/trace'
import { createLedger, type Ledger, type LedgerOptions } from '#src/audit/ledger.ts'
import { createEffort, type Effort, GOING_ON, ONE_REQUEST } from '#src/fhir/effort.ts'
import { createReview } from '#src/fhir/review.ts'
import type { Exchange } from '#src/fhir/step.ts'
import { isChange, type UpstreamFhir } from '#src/fhir/upstream-fhir.ts'
import { createCarriers } from '#src/policy/carriers.ts'
import { createJudge } from '#src/policy/judge.ts'
import { openJudge } from '#src/policy/open-judge.ts'
import { requireBearer } from '#src/token/bearer.ts'
import type { LaunchFacts } from '#src/token/launch-facts.ts'
import type { VerifiedToken } from '#src/token/read-claims.ts'
import type { Trust } from '#src/trust.ts'
import { callerAddress } from './caller-address.ts'
import { callerUpstream, type DoorDeps, untilGone } from './door-deps.ts'

/** One caller at one door: who it is, what may be decided about them, and what is written down of it. */
export async function openExchange(
  deps: DoorDeps,
  ctx: AppContext,
  trust: Trust,
  activities: LedgerOptions['activities'],
): Promise<Exchange> {
  const { trace } = ctx.state
  const caller = await deps.verifyToken(trust, requireBearer(ctx.req.rawHeaders, ctx.URL.searchParams), {
    trace,
    address: callerAddress(ctx, trust),
  })
  const policy = deps.policy.of(trust)
  // What is asked of the issuer is asked while the server behind us works; the log tells it also where nothing is decided.
  const asked = caller.launchFacts()
  asked.catch(() => undefined)
  const facts = () => asked
  const ledger = createLedger({
    trail: deps.trail,
    caller,
    facts,
    correlationId: trace.traceId,
    callerTraceId: ctx.state.callerTraceId,
    activities,
    now: deps.now,
  })
  return exchangeOf(deps, {
    trust,
    caller,
    policy,
    facts,
    ledger,
    trace,
    ends: untilGone(ctx),
    effort: createEffort(ONE_REQUEST),
  })
}

type Known = {
  readonly trust: Trust
  readonly caller: VerifiedToken
  readonly policy: ReturnType<DoorDeps['policy']['of']>
  readonly facts: () => Promise<LaunchFacts | undefined>
  readonly ledger: Ledger
  readonly trace: Trace
  readonly ends: AbortSignal
  readonly effort: Effort
}

/** INVARIANT: whatever asks the server behind us for this caller asks by the one `upstream`, and ends with it. */
function exchangeOf(deps: DoorDeps, known: Known): Exchange {
  const { trust, caller, policy, facts, ledger, trace, ends, effort } = known
  const ask = callerUpstream(deps, trust, trace, ends)
  const upstream: UpstreamFhir = async (call) => {
    effort.call()
    if (!isChange(call)) return ask(call)
    // Afterwards: what was looked up while something changed may be of either time.
    return ask(call).finally(carriers.forget)
  }
  const carriers = createCarriers(trust, upstream, deps)
  const bases = [trust.fhirBase, trust.fhirUpstream]
  const unitsOf = (encounters: readonly string[]) => deps.visitUnits(trust.orgnr, upstream, bases, encounters)
  const judge =
    policy.stage === 'off'
      ? openJudge(ledger, bases)
      : createJudge({ ...policy, caller, facts, trace, bases, unitsOf, carriersOf: carriers.of, ledger, log: deps.log })
  return {
    trust,
    review: createReview(caller.access, trust, judge, trace),
    ledger,
    upstream,
    seal: deps.seal,
    glimpses: deps.glimpsesOf(`${trust.orgnr} ${caller.identity.tokenId}`, (patients) =>
      policy.stage === 'off' ? undefined : policy.markOf?.(caller.access.subject, patients),
    ),
    lookedUp: new Map(),
    effort,
    goingOn: (other, signal) =>
      exchangeOf(deps, { ...known, trace: other, ends: signal, effort: createEffort(GOING_ON) }),
  }
}

/** Requests that were not understood touched nobody's data. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([400, 405, 406, 413, 415, 422])

/** Nothing leaves that is not written down first, and neither does a refusal (AZ-49). */
export async function accounted<T>(ledger: Ledger, work: () => Promise<T>): Promise<T> {
  let done: T
  try {
    done = await work()
  } catch (error) {
    if (error instanceof Refusal && !NOT_UNDERSTOOD.has(error.status))
      await ledger.keepRefused(error.status, error.code)
    throw error
  }
  await ledger.keep()
  return done
}
