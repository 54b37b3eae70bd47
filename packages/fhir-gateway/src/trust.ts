import { type Deployment, dicomwebDoorOf, fhirBaseOf, issuerOf } from '@uthopp/server-kit/deployment'
import { type Rebase, type RebaseMembers, rebase, rebaseMembers } from '#src/upstream/rebase.ts'

/** One hospital trust as its gateway sees it: who signs, what we are called, and what stands behind us. */
export type Trust = {
  readonly orgnr: string
  readonly issuer: string
  /** Our own FHIR base, without a trailing slash: the audience of every access token. */
  readonly fhirBase: string
  readonly fhirUpstream: string
  readonly dicomwebUpstream: string
  /** An address behind us becomes ours. */
  readonly toOurs: Rebase
  /** Our address becomes the one behind us. */
  readonly toUpstream: Rebase
  /** The addresses in everything that leaves. */
  readonly resourceToOurs: RebaseMembers
  /** The addresses in everything that goes up. */
  readonly resourceToUpstream: RebaseMembers
  /** True when a text may hold an address behind us; false spares parsing it again. */
  readonly mayNameUpstream: (text: string) => boolean
}

export function trustsOf(deployment: Deployment): ReadonlyMap<string, Trust> {
  return new Map(deployment.trusts.map((trust) => [trust.orgnr, trustOf(deployment, trust.orgnr, trust)]))
}

function trustOf(
  deployment: Deployment,
  orgnr: string,
  upstream: { readonly fhirUpstream: string; readonly dicomwebUpstream: string },
): Trust {
  const fhirBase = fhirBaseOf(deployment, orgnr)
  const pairs = [
    [upstream.fhirUpstream, fhirBase],
    [upstream.dicomwebUpstream, dicomwebDoorOf(deployment, orgnr)],
  ] as const
  const toOurs = rebase(pairs)
  const toUpstream = rebase(pairs.map(([theirs, ours]) => [ours, theirs] as const))
  return {
    orgnr,
    issuer: issuerOf(deployment, orgnr),
    fhirBase,
    fhirUpstream: upstream.fhirUpstream,
    dicomwebUpstream: upstream.dicomwebUpstream,
    toOurs,
    toUpstream,
    resourceToOurs: rebaseMembers(toOurs),
    resourceToUpstream: rebaseMembers(toUpstream),
    // A JSON writer may spell every slash `\/`, so the first escaped slash sends the text the long way round.
    mayNameUpstream: (text) => pairs.some(([theirs]) => text.includes(theirs)) || text.includes(String.raw`\/`),
  }
}
