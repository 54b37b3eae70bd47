import type { Ask } from '@uthopp/policy/decision-point'
import type { AskedResource, Circumstance, DataAction, Subject } from '@uthopp/policy/question'
import { childTraceparent, type Trace } from '@uthopp/server-kit/trace'
import type { AccessContext } from '@uthopp/smart-core/access'
import { LETTER_OF } from '@uthopp/smart-core/scope/permission'
import type { LaunchFacts } from '#src/token/launch-facts.ts'

/** Who asks and in which circumstance, for every resource of one request. */
export type Case = Pick<Ask, 'subject'> & {
  /** Two objects for all resources of a request, so that those who decide see at a glance that many are asked about alike. */
  readonly circumstance: { readonly bound: Circumstance; readonly unbound: Circumstance }
  /** True where the patient of the launch bounds what the token opens: no scope beyond that patient covers it. */
  readonly isBound: (action: DataAction, type: string) => boolean
}

/**
 * What this gateway itself witnessed of a request: the verified token, what the issuer knows of its launch, and nothing that
 * the app says. A purpose in a header or a parameter is nowhere looked for.
 */
export function caseOf(access: AccessContext, facts: LaunchFacts, trace: Trace): Case {
  const circumstance = circumstanceOf(access, facts, trace)
  return {
    subject: subjectOf(access, facts),
    circumstance: {
      bound: { ...circumstance, launchBound: true },
      unbound: { ...circumstance, launchBound: false },
    },
    isBound: (action, type) =>
      access.patient !== undefined &&
      !access.scopes.resources.some(
        ({ level, resourceType, permissions }) =>
          level !== 'patient' &&
          (resourceType === '*' || resourceType === type) &&
          permissions.includes(LETTER_OF[action]),
      ),
  }
}

const subjectOf = (access: AccessContext, { userKind, role }: LaunchFacts): Subject =>
  userKind === 'client'
    ? { kind: 'client', id: access.clientId, role: null }
    : { kind: userKind, id: access.subject, role }

function circumstanceOf(access: AccessContext, facts: LaunchFacts, trace: Trace): Omit<Circumstance, 'launchBound'> {
  return {
    tenant: access.tenant,
    clientId: access.clientId,
    zone: facts.zone,
    mayWrite: facts.mayWrite,
    // Only bare bearer tokens are accepted here (RFC 9449 §7.1 is not offered).
    senderConstrained: false,
    launchPatient: access.patient ?? null,
    grants: grantsOf(access),
    acr: facts.acr,
    purpose: facts.purpose,
    decision: facts.decision,
    correlationId: trace.traceId,
    traceparent: childTraceparent(trace),
  }
}

/** Single letters, as rules ask for them. Whether a condition of a scope is met was decided before, resource by resource. */
function grantsOf({ scopes, fhirUser }: AccessContext): readonly string[] {
  const letters = scopes.resources.flatMap(({ resourceType, permissions }) =>
    permissions.map((letter) => `${resourceType}.${letter}`),
  )
  // Whoever holds these reads who they are (SAL-123); which one resource that opens was decided before.
  const mayReadOwn =
    fhirUser !== undefined &&
    scopes.names.has('openid') &&
    (scopes.names.has('fhirUser') || scopes.names.has('profile'))
  return [...new Set([...letters, ...(mayReadOwn ? [`${fhirUser.split('/')[0] ?? ''}.r`] : [])])]
}

/** A FHIR id no server gives. */
const NOBODYS = '-'
const OF_A_TYPE: ReadonlySet<DataAction> = new Set(['create', 'search'])

/** A question about what is asked for as a whole, before it is known what it holds: about no resource that is. */
export const inGeneral = (action: DataAction, type: string, patient: string | null): AskedResource => ({
  type,
  id: type === 'Patient' && patient !== null ? patient : OF_A_TYPE.has(action) ? null : NOBODYS,
  patient,
  labels: [],
  units: [],
  authors: [],
})

export const askOf = ({ subject, circumstance, isBound }: Case, action: DataAction, resource: AskedResource): Ask => ({
  subject,
  circumstance: isBound(action, resource.type) ? circumstance.bound : circumstance.unbound,
  question: { action, resource },
})

/** The same, as if the app had been granted everything. */
export function withEveryGrant(own: Case): Case {
  const grants = ['*.c', '*.r', '*.u', '*.d', '*.s']
  const { bound, unbound } = own.circumstance
  return { ...own, circumstance: { bound: { ...bound, grants }, unbound: { ...unbound, grants } } }
}
