import { type AccessContext, type Allowance, allowsResource, decideInteraction } from '@uthopp/smart-core/access'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import type { Verb } from '@uthopp/smart-core/scope/permission'
import type { Trust } from '#src/trust.ts'

/** Decides on resources that came back or are about to be written, for one caller. */
export type Review = {
  readonly access: AccessContext
  /** Addresses under which a reference is to a resource of this trust. */
  readonly bases: readonly string[]
  /** The resource itself when the caller may see it for any of these verbs, whole and with all it contains. */
  readonly visible: (resource: unknown, verbs: readonly Verb[]) => Resource | undefined
  /** True when nothing of this type is hidden from the caller. */
  readonly unrestricted: (verb: Verb, type: string) => boolean
}

export function createReview(access: AccessContext, trust: Trust): Review {
  const bases = [trust.fhirBase, trust.fhirUpstream]
  return {
    access,
    bases,
    visible: (resource, verbs) =>
      isResource(resource) && verbs.some((verb) => allowsResource(access, verb, resource, bases).effect === 'permit')
        ? resource
        : undefined,
    unrestricted: (verb, type) => {
      const decision = decideInteraction(access, { verb, type })
      return decision.effect === 'permit' && decision.allowances.some(isOpen)
    },
  }
}

/** An allowance that hides nothing: no patient, no condition on the data, no single resource. */
export const isOpen = (allowance: Allowance): boolean =>
  allowance.withinPatient === null && allowance.filters.length === 0 && allowance.onlyReference === null
