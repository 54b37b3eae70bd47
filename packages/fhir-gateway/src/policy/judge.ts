import type { Answer } from '@uthopp/policy/answer'
import type { Ask, DecisionPoint } from '@uthopp/policy/decision-point'
import type { Blockable } from '@uthopp/policy/in-process'
import type { AskedResource, DataAction } from '@uthopp/policy/question'
import type { PolicyStage } from '@uthopp/server-kit/deployment'
import type { Log } from '@uthopp/server-kit/log'
import type { Trace } from '@uthopp/server-kit/trace'
import { isDirectoryType } from '@uthopp/smart-core/fhir/directory-types'
import { originOf } from '@uthopp/smart-core/fhir/origin'
import { patientsOf } from '@uthopp/smart-core/fhir/patient-compartment'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import type { Ledger } from '#src/audit/ledger.ts'
import { refusedByPolicy, undecided } from '#src/http/policy-refusal.ts'
import type { LaunchFacts } from '#src/token/launch-facts.ts'
import type { VerifiedToken } from '#src/token/read-claims.ts'
import { askOf, type Case, caseOf, inGeneral, withEveryGrant } from './case.ts'
import { carryOut, hasBanner } from './obligations.ts'
import { denialOfOurOwn } from './own-denial.ts'
import { type Judged, takeApart, type UnitsOfVisits } from './questions.ts'
import { kindOfDenial } from './verdict.ts'

export type Verdict =
  | { readonly kind: 'shown'; readonly resource: Resource }
  /** To be answered like what is not there. */
  | { readonly kind: 'hidden' }
  /** The caller may hear why. */
  | { readonly kind: 'refused'; readonly answer: Answer }

/** Puts one caller's request before the decision point of the trust. */
export type Judge = {
  /** True when denials are acted on. */
  readonly enforces: boolean
  /** True when some resources of this type may be kept back, so that no count and no condition may speak of them. */
  readonly mayHide: (type: string) => boolean
  /**
   * Refuses a request that no resource could be permitted to, and answers how the caller stands towards the patient otherwise:
   * with the denial when nothing speaks for them in general. Blocks are no such denial: they are about what is found.
   */
  readonly standing: (about: AskedInGeneral) => Promise<Answer | undefined>
  /** Where something blocked would have to be looked for, of this type and patient, to tell the caller that there is. */
  readonly blockable: (type: string, patient: string) => Promise<Blockable>
  /** What will most likely be decided on: what is looked up for it is looked up already. Nothing is decided by it. */
  readonly foresee: (resources: readonly Resource[]) => void
  /** All resources of one answer together, so that their facts are asked for once. */
  readonly decide: (items: readonly Judged[], how?: Deciding) => Promise<readonly Verdict[]>
}

type Deciding = {
  /** Nothing of what is decided on is told, so it is no access. */
  readonly looking?: boolean
  /** Called when something is withheld of which this caller may hear that it is blocked. */
  readonly onBanner?: () => void
  /** Asks for the person, as if the app had been granted everything: no scope is needed to refer to what one may see. */
  readonly whateverScopes?: boolean
}

/** What is asked for before anything is looked up. */
export type AskedInGeneral = {
  readonly action: DataAction
  readonly type: string
  readonly id: string | null
  readonly patient: string
}

export type JudgeOptions = {
  readonly stage: Exclude<PolicyStage, 'off'>
  readonly point: DecisionPoint
  readonly blockable?: ((ask: Ask) => Promise<Blockable>) | undefined
  readonly caller: VerifiedToken
  readonly facts: () => Promise<LaunchFacts | undefined>
  readonly trace: Trace
  readonly bases: readonly string[]
  /** Units of the visits a resource was made in. */
  readonly unitsOf: (encounters: readonly string[]) => Promise<UnitsOfVisits>
  /** The documents of these patients that carry a Binary. */
  readonly carriersOf: (binary: Resource, patients: readonly string[]) => Promise<readonly Resource[]>
  readonly ledger: Ledger
  readonly log: Log
}

export function createJudge(options: JudgeOptions): Judge {
  const { stage, point, caller, ledger, bases, trace } = options
  const enforced = stage === 'enforce'
  const general = new Map<string, Promise<Answer | undefined>>()
  let known: Promise<Case | undefined> | undefined
  let foreseen: Promise<unknown> | undefined

  const ownCase = (): Promise<Case | undefined> =>
    (known ??= options.facts().then((facts) => facts && caseOf(caller.access, facts, trace)))

  async function ask(asks: (about: Case) => readonly Ask[], count: number): Promise<readonly Answer[]> {
    const about = await (enforced ? ownCase() : ownCase().catch(() => undefined))
    const nothing = (code: 'launch-facts-unavailable' | 'pdp-unavailable') =>
      Array.from({ length: count }, () => denialOfOurOwn(code))
    if (about === undefined) return nothing('launch-facts-unavailable')
    const answers = await point.decideAll(asks(about))
    // Fewer answers than questions leave some resource undecided, and none may pass for another.
    return answers.length === count ? answers : nothing('pdp-unavailable')
  }

  /** What the caller's standing towards this patient is, whatever the resource. Asked once a request. */
  function generally(action: DataAction, about: AskedResource): Promise<Answer | undefined> {
    const key = `${action} ${about.type} ${about.id ?? ''} ${about.patient ?? ''}`
    const asked = general.get(key) ?? askGenerally(action, about)
    general.set(key, asked)
    return asked
  }

  async function askGenerally(action: DataAction, about: AskedResource): Promise<Answer | undefined> {
    const [answer] = await ask((own) => [askOf(own, action, about)], 1)
    return answer === undefined || answer.effect === 'permit' || kindOfDenial(answer) === 'hidden' ? undefined : answer
  }

  async function verdictOf(
    { action, resource }: Judged,
    answers: readonly Answered[],
    { looking = false, onBanner }: Pick<Deciding, 'looking' | 'onBanner'>,
  ): Promise<Verdict> {
    // Nobody was asked about it, so nobody permitted it.
    if (answers.length === 0) return { kind: 'hidden' }
    const denied = answers.find(({ answer }) => answer.effect !== 'permit')
    if (denied === undefined) {
      const shown = answers.reduce<Resource | undefined>((left, { answer }) => left && carryOut(answer, left), resource)
      if (shown !== undefined) {
        if (!looking) for (const { patient, answer } of answers) ledger.permitted(patient, nameOf(resource), answer)
        return { kind: 'shown', resource: shown }
      }
    }
    const { patient, answer } = denied ?? {
      patient: answers[0]?.patient ?? null,
      answer: denialOfOurOwn('obligation-not-performed'),
    }
    if (hasBanner(answer)) onBanner?.()
    if (!enforced) {
      wouldDeny(options, answer, action, resource.resourceType)
      if (!looking) ledger.permitted(patient, nameOf(resource), answer)
      return { kind: 'shown', resource }
    }
    ledger.denied(patient, nameOf(resource), answer)
    const kind = kindOfDenial(answer)
    if (kind === 'unavailable') throw undecided(answer, trace)
    if (kind === 'hidden') return { kind: 'hidden' }
    // Whose token is about somebody else, or nobody, must not learn from a refusal that there is something under an id.
    if (patient === null || patient !== caller.access.patient) return { kind: 'hidden' }
    // Who may see this patient's data in general is not told of the one resource that is withheld.
    const standing = await generally(action, inGeneral(action, resource.resourceType, patient))
    return standing === undefined ? { kind: 'hidden' } : { kind: 'refused', answer: standing }
  }

  return {
    enforces: enforced,
    mayHide: (type) => enforced && !isDirectoryType(type),
    async standing({ action, type, id, patient }) {
      if (!enforced) return undefined // each resource is decided and told of
      const answer = await generally(action, {
        ...inGeneral(action, type, patient),
        ...(id === null || type === 'Patient' ? {} : { id }),
      })
      if (answer === undefined) return undefined
      const unavailable = kindOfDenial(answer) === 'unavailable'
      // A rule that forbids does so whatever is found; where merely no rule permits, one resource may still be permitted.
      if (!unavailable && answer.rules.length === 0) return answer
      ledger.denied(patient, null, answer)
      throw unavailable ? undecided(answer, trace) : refusedByPolicy(answer, trace)
    },
    async blockable(type, patient) {
      const about = await ownCase()
      if (about === undefined || options.blockable === undefined) return 'anything'
      return options.blockable(askOf(about, 'search', inGeneral('search', type, patient)))
    },
    foresee(resources) {
      const visits = resources.flatMap((resource) => originOf(resource, bases).encounters)
      foreseen = options.unitsOf([...new Set(visits)]).catch(() => undefined) // whoever decides looks again
    },
    async decide(items, { whateverScopes = false, ...how } = {}) {
      if (items.length === 0) return []
      const apart = await Promise.all(
        items.map(async (item) => takeApart(item, bases, await carriersOfBytes(options, item, whateverScopes))),
      )
      await foreseen
      const units = await options.unitsOf([...new Set(apart.flatMap(({ encounters }) => encounters))])
      const questions = apart.map((one) => one.questions(units))
      const asks = (own: Case) => {
        const granted = withEveryGrant(own)
        return apart.flatMap(({ item }, index) =>
          (questions[index] ?? []).map((asked) =>
            askOf(whateverScopes || !asked.needsScope ? granted : own, item.action, asked.about),
          ),
        )
      }
      const answers = (await ask(asks, questions.flat().length)).values()
      const verdicts: Verdict[] = []
      for (const [index, { item, lack }] of apart.entries()) {
        const mine = (questions[index] ?? []).map(({ about: { patient } }): Answered => {
          const answer = answers.next().value
          const isAnswered = answer !== undefined && lack === undefined
          return { patient, answer: isAnswered ? answer : denialOfOurOwn(lack ?? 'patient-unclear') }
        })
        verdicts.push(await verdictOf(item, mine, how))
      }
      return verdicts
    },
  }
}

type Answered = { readonly patient: string | null; readonly answer: Answer }

function wouldDeny(
  { log, caller, trace }: JudgeOptions,
  answer: Answer,
  interaction: string,
  resourceType: string,
): void {
  const { tenant, clientId } = caller.access
  const code = answer.reasonCode
  log.warn('policy-would-deny', { tenant, clientId, code, interaction, resourceType, correlationId: trace.traceId })
}

/** Undefined for what is decided by itself: all that is no bytes, and bytes that are only just becoming part of something. */
async function carriersOfBytes(
  options: JudgeOptions,
  { action, resource }: Judged,
  isReferredTo: boolean,
): Promise<readonly Resource[] | undefined> {
  if (resource.resourceType !== 'Binary' || typeof resource['id'] !== 'string' || action === 'create') return undefined
  const carriers = await options.carriersOf(resource, patientsOf(resource, options.bases).ids)
  return carriers.length === 0 && isReferredTo ? undefined : carriers
}

const nameOf = ({ resourceType, id }: Resource): string | null =>
  typeof id === 'string' ? `${resourceType}/${id}` : null
