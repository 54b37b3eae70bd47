import type { Answer } from '@uthopp/policy/answer'
import type { DecisionPoint } from '@uthopp/policy/decision-point'
import type { PolicyStage } from '@uthopp/server-kit/deployment'
import type { Trace } from '@uthopp/server-kit/trace'
import type { Withheld } from '@uthopp/smart-core/negotiate'
import { expandScopes, nameOfMember, type ScopeMember } from '@uthopp/smart-core/scope/letters'
import { type Rejoined, rejoinScopes } from '@uthopp/smart-core/scope/rejoin'
import type { Client } from '#src/clients/client.ts'
import type { LaunchEvents } from '#src/launch/events.ts'
import { type Asker, circumstanceOf, subjectOf } from './asker.ts'
import { letterQuestion } from './letter-question.ts'
import { endOf, verdictOf } from './letter-verdicts.ts'
import { SERVED_TYPES } from './served-types.ts'
import { troubleIn } from './trouble.ts'
import type { IssuanceWitness, Moment } from './witness.ts'

/** Which request is decided about, and of what life. */
export type Asking = {
  readonly moment: Moment
  readonly asker: Asker
  readonly client: Client
  readonly trace: Trace
  readonly launchId: string | null
  readonly grantId: string | null
  /** Tokens will be bound to a key of the client's (RFC 9449). */
  readonly senderConstrained: boolean
}

type LaunchVerdict =
  | { readonly kind: 'permit' }
  | { readonly kind: 'deny'; readonly answer: Answer }
  | { readonly kind: 'unavailable'; readonly code: string }

type ScopeVerdict =
  | {
      readonly kind: 'decided'
      readonly granted: readonly string[]
      readonly withheld: readonly Withheld[]
      /** When what the permits lean on ends. */
      readonly validUntil: Date | null
      /** The same verdicts for a part of the same scopes. */
      readonly narrow: (part: readonly string[]) => readonly string[]
    }
  | { readonly kind: 'unavailable'; readonly code: string }

/** Scopes on their way to a token: what was asked, what the registration leaves of it, and what fell already. */
type Negotiated = {
  readonly asked: readonly string[]
  readonly granted: readonly string[]
  readonly withheld: readonly Withheld[]
}

export type IssuancePolicy = {
  /** May this person open this app for this patient (P1)? */
  readonly mayLaunch: (asking: Asking) => Promise<LaunchVerdict>
  /** What of these scopes may it have for this person now (P2, P3)? Never more than it is given. */
  readonly decideScopes: (asking: Asking, negotiated: Negotiated) => Promise<ScopeVerdict>
}

/**
 * Asks the decision point of one trust before anything is issued.
 *
 * `log-only` asks, tells and grants as if nobody had answered; `off` asks nobody.
 */
export function createIssuancePolicy(deps: {
  readonly decisionPoint: DecisionPoint
  readonly stage: PolicyStage
  readonly events: LaunchEvents
  readonly witness: IssuanceWitness
  readonly now: () => Date
}): IssuancePolicy {
  const { decisionPoint, stage, events, witness, now } = deps
  const enforced = stage === 'enforce'
  const aboutOf = ({ client, trace, launchId, grantId }: Asking) => ({
    clientId: client.clientId,
    correlationId: trace.traceId,
    ...(launchId === null ? {} : { launchId }),
    ...(grantId === null ? {} : { grantId }),
  })
  const recordOf = (asking: Asking) => ({
    moment: asking.moment,
    asker: asking.asker,
    clientId: asking.client.clientId,
    correlationId: asking.trace.traceId,
    launchId: asking.launchId,
    grantId: asking.grantId,
    enforced,
  })
  const caseOf = ({ asker, client, trace, senderConstrained }: Asking) => ({
    subject: subjectOf(asker),
    circumstance: circumstanceOf(asker, client, trace, senderConstrained),
  })

  /** What keeps policy from deciding keeps the launch from going on, unless policy is only watched. */
  function unavailable(asking: Asking, code: string) {
    events.alarm('policy-unavailable', { ...aboutOf(asking), code })
    return { kind: 'unavailable', code } as const
  }

  async function answersTo(asking: Asking, members: ReadonlyMap<string, ScopeMember>) {
    if (members.size === 0) return new Map<string, Answer>()
    const theCase = caseOf(asking)
    const asks = [...members.values()].map((member) => ({ ...theCase, question: letterQuestion(member) }))
    const answers = await decisionPoint.decideAll(asks)
    return new Map([...members.keys()].flatMap((name, at) => (answers[at] ? [[name, answers[at]]] : [])))
  }

  return {
    async mayLaunch(asking) {
      if (stage === 'off') return { kind: 'permit' }
      const question = { action: 'launch', app: asking.client.clientId } as const
      const answer = await decisionPoint.decide({ ...caseOf(asking), question })
      const trouble = troubleIn([answer])
      if (trouble !== undefined) {
        const verdict = unavailable(asking, trouble)
        return enforced ? verdict : { kind: 'permit' }
      }
      const answers = new Map([['launch', answer]])
      await witness({ ...recordOf(asking), asked: [], granted: [], withheld: [], answers })
      if (verdictOf(answer).effect === 'permit') return { kind: 'permit' }
      const fields = { ...aboutOf(asking), code: answer.reasonCode }
      events.tell(enforced ? 'policy-denied-launch' : 'policy-would-deny', fields)
      return enforced ? { kind: 'deny', answer } : { kind: 'permit' }
    },

    async decideScopes(asking, { asked, granted, withheld }) {
      const whole = {
        kind: 'decided',
        granted,
        withheld,
        validUntil: null,
        narrow: (part: readonly string[]) => part,
      } as const
      const unasked = { ...recordOf(asking), asked, granted, withheld, answers: new Map<string, Answer>() }
      if (stage === 'off') {
        // Nobody is asked, so there is one thing to tell, once: what was asked and what the registration left of it.
        if (asking.moment === 'authorize') await witness(unasked)
        return whole
      }
      const expanded = expandScopes(granted, SERVED_TYPES)
      const members = new Map(
        expanded.flatMap((scope) => scope.members).map((member) => [nameOfMember(member), member]),
      )
      const answers = await answersTo(asking, members)
      const trouble = troubleIn([...answers.values()])
      if (trouble !== undefined) {
        const verdict = unavailable(asking, trouble)
        if (enforced) return verdict
        await witness(unasked)
        return whole
      }
      const narrowed = (part: readonly string[]): Rejoined =>
        rejoinScopes(expandScopes(part, SERVED_TYPES), (member) => verdictOf(answers.get(nameOfMember(member))))
      const left = narrowed(granted)
      const all = [...withheld, ...left.withheld]
      await witness({ ...recordOf(asking), asked, granted: left.granted, withheld: all, answers })
      for (const { code } of left.withheld)
        events.tell(enforced ? 'scope-withheld' : 'policy-would-deny', { ...aboutOf(asking), code })
      if (!enforced) return whole
      return {
        kind: 'decided',
        granted: left.granted,
        withheld: all,
        validUntil: endOf([...answers.values()], now()),
        narrow: (part) => narrowed(part).granted,
      }
    },
  }
}
