import type { Answer } from '@uthopp/policy/answer'
import type { Trace } from '@uthopp/server-kit/trace'
import { type AccessContext, type Allowance, allowsResource, decideInteraction } from '@uthopp/smart-core/access'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { withoutStaffNumbers } from '@uthopp/smart-core/fhir/staff-numbers'
import type { Verb } from '@uthopp/smart-core/scope/permission'
import { refusedByPolicy } from '#src/http/policy-refusal.ts'
import { notFound } from '#src/http/refusals.ts'
import type { Judge, Verdict } from '#src/policy/judge.ts'
import type { Judged } from '#src/policy/questions.ts'
import type { Trust } from '#src/trust.ts'

/** A resource that came back or is about to be written, and the verbs any one of which would do. */
type Candidate = { readonly resource: unknown; readonly verbs: readonly Verb[] }

type Looking = {
  /** Nothing of what is decided on is told, so it is no access. */
  readonly looking?: boolean
  /** Called when something is withheld of which this caller may hear that it is blocked. */
  readonly onBanner?: () => void
}

/** Decides on resources that came back or are about to be written, for one caller: scopes first, then policy. */
export type Review = {
  readonly access: AccessContext
  readonly judge: Judge
  /** Addresses under which a reference is to a resource of this trust. */
  readonly bases: readonly string[]
  /**
   * For each of them the resource as it may be shown, or nothing. Decided together, since their facts are asked for together.
   * National ids of those who work here are in none of them.
   */
  readonly visibleAmong: (items: readonly Candidate[], how?: Looking) => Promise<readonly (Resource | undefined)[]>
  /** The resource as it may be shown, whole or without what policy masks. */
  readonly visible: (resource: unknown, verbs: readonly Verb[], how?: Looking) => Promise<Resource | undefined>
  /** The same, or the refusal the caller may hear: 404 for what is hidden, 403 for who may see nothing of this patient. */
  readonly require: (resource: unknown, verbs: readonly Verb[], how?: Looking) => Promise<Resource>
  /** True when the scopes hide nothing of this type from the caller. */
  readonly unrestricted: (verb: Verb, type: string) => boolean
  /** True when neither scopes nor policy do. */
  readonly hidesNothing: (verb: Verb, type: string) => boolean
  /** 404, or 403 for a caller without standing, to whom the two would tell what exists. */
  readonly nothingThere: (standing: Answer | undefined) => Error
}

export function createReview(access: AccessContext, trust: Trust, judge: Judge, trace: Trace): Review {
  const bases = [trust.fhirBase, trust.fhirUpstream]

  const coveredBy = (resource: Resource, verbs: readonly Verb[]): Verb | undefined =>
    verbs.find((verb) => allowsResource(access, verb, resource, bases).effect === 'permit')

  async function verdicts(items: readonly Candidate[], how: Looking = {}): Promise<readonly Verdict[]> {
    const covered = items.map(({ resource, verbs }): Judged | undefined => {
      const action = isResource(resource) ? coveredBy(resource, verbs) : undefined
      return action === undefined || !isResource(resource) ? undefined : { action, resource }
    })
    const decided = await judge.decide(
      covered.filter((item) => item !== undefined),
      how,
    )
    let next = 0
    return covered.map((item): Verdict => {
      if (item === undefined) return { kind: 'hidden' }
      const verdict = decided[next]
      next += 1
      // INVARIANT: whatever is shown to anybody has passed here, whatever asked for it.
      if (verdict?.kind === 'shown') return { kind: 'shown', resource: withoutStaffNumbers(verdict.resource) }
      return verdict ?? { kind: 'hidden' }
    })
  }

  const visibleAmong: Review['visibleAmong'] = async (items, how) =>
    (await verdicts(items, how)).map((verdict) => (verdict.kind === 'shown' ? verdict.resource : undefined))

  const unrestricted: Review['unrestricted'] = (verb, type) => {
    const decision = decideInteraction(access, { verb, type })
    return decision.effect === 'permit' && decision.allowances.some(isOpen)
  }

  return {
    access,
    judge,
    bases,
    visibleAmong,
    visible: async (resource, verbs, how) => (await visibleAmong([{ resource, verbs }], how))[0],
    async require(resource, verbs, how) {
      const [verdict] = await verdicts([{ resource, verbs }], how)
      if (verdict?.kind === 'shown') return verdict.resource
      throw verdict?.kind === 'refused' ? refusedByPolicy(verdict.answer, trace) : notFound()
    },
    unrestricted,
    hidesNothing: (verb, type) => unrestricted(verb, type) && !judge.mayHide(type),
    nothingThere: (standing) => (standing === undefined ? notFound() : refusedByPolicy(standing, trace)),
  }
}

/** An allowance that hides nothing: no patient, no condition on the data, no single resource. */
export const isOpen = (allowance: Allowance): boolean =>
  allowance.withinPatient === null && allowance.filters.length === 0 && allowance.onlyReference === null
