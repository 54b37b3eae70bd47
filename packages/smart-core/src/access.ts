import type { FhirId } from './fhir-id.ts'
import { isDirectoryType } from './fhir/directory-types.ts'
import { belongsOnlyTo, isPatientType, namesNobodyBut, searchParamFor } from './fhir/patient-compartment.ts'
import { type Resource, isRecord, isResource } from './fhir/resource.ts'
import { isResourceType } from './fhir/resource-types.ts'
import type { Filter } from './scope/filter.ts'
import { meetsFilters } from './scope/matches-filter.ts'
import { LETTER_OF, type Verb } from './scope/permission.ts'
import type { ResourceScope } from './scope/resource-scope.ts'
import type { ScopeSet } from './scope/scope-set.ts'
import { isOnlyForState } from './scope/state-code.ts'

/** What a verified token says about the one who holds it. */
export type AccessContext = {
  readonly subject: string
  readonly clientId: string
  /** Organisation number of the trust that issued the token. */
  readonly tenant: string
  readonly scopes: ScopeSet
  /** Absent when the launch had no patient. */
  readonly patient?: FhirId
  /** Relative reference of the user's own resource, such as `Practitioner/stf101`. */
  readonly fhirUser?: string
  readonly expiresAt: Date
}

/** One sufficient set of conditions. Data passes when it meets any allowance; turning one into a search is the gateway's job. */
export type Allowance = {
  /** The data must belong to this patient alone; `null` asks nothing. */
  readonly withinPatient: FhirId | null
  readonly filters: readonly Filter[]
  /** The allowance is for this one resource; `null` asks nothing. */
  readonly onlyReference: string | null
}

export type DenyRule =
  | 'no-scope-covers-this'
  | 'patient-scope-without-patient'
  | 'outside-patient-compartment'
  /** A type that patient scopes open by id only: the hospital's directory, and bytes. */
  | 'directory-not-searchable'
  /** Evidence of who did or allowed what, which no app writes. */
  | 'evidence-not-writable'

export type PolicyDecision =
  | { readonly effect: 'permit'; readonly allowances: readonly [Allowance, ...Allowance[]] }
  | { readonly effect: 'deny'; readonly rule: DenyRule }

/** What one step of a request needs: a verb on a type, and the instance where the request names one. */
export type Need = { readonly verb: Verb; readonly type: string; readonly id?: string }

/**
 * What is said in these has weight because of who said it. A token tells which app writes, not that the person named in the
 * resource did or allowed anything, so no scope covers writing them, wildcards included.
 *
 * INVARIANT: the rule book names the same ones where it keeps them from being written and from being granted.
 */
const EVIDENCE_TYPES: ReadonlySet<string> = new Set([
  'AuditEvent',
  'Consent',
  'Contract',
  'Provenance',
  'VerificationResult',
])
const WRITING: ReadonlySet<Verb> = new Set(['create', 'update', 'delete'])

/** Decides before anything is looked up: may this token do this to this type, and under which conditions. */
export function decideInteraction(access: AccessContext, need: Need): PolicyDecision {
  if (EVIDENCE_TYPES.has(need.type) && WRITING.has(need.verb)) return { effect: 'deny', rule: 'evidence-not-writable' }
  const relevant = access.scopes.resources.filter((held) => coversNeed(held, need))
  const answers = relevant.map((held) => allowanceOf(access, held, need))
  const allowances = answers.filter((answer) => typeof answer !== 'string')
  const own = ownUserAllowance(access, need)
  const [first, ...rest] = own === undefined ? allowances : [...allowances, own]
  if (first !== undefined) return { effect: 'permit', allowances: [first, ...rest] }
  return { effect: 'deny', rule: answers.find((answer) => typeof answer === 'string') ?? 'no-scope-covers-this' }
}

function coversNeed(held: ResourceScope, need: Need): boolean {
  if (held.resourceType !== '*' && held.resourceType !== need.type) return false
  if (isOnlyForState(held)) return false
  return held.permissions.includes(LETTER_OF[need.verb])
}

function allowanceOf(access: AccessContext, held: ResourceScope, need: Need): Allowance | DenyRule {
  if (held.level !== 'patient') return { withinPatient: null, filters: held.filters, onlyReference: null }
  if (access.patient === undefined) return 'patient-scope-without-patient'
  if (need.type === '*' || isPatientType(need.type)) {
    const confinable = need.verb !== 'search' || need.type === '*' || searchParamFor(need.type) !== undefined
    if (!confinable) return 'directory-not-searchable'
    return { withinPatient: access.patient, filters: held.filters, onlyReference: null }
  }
  if (!isDirectoryType(need.type)) return 'outside-patient-compartment'
  if (need.verb === 'read') return { withinPatient: null, filters: held.filters, onlyReference: null }
  return need.verb === 'search' ? 'directory-not-searchable' : 'outside-patient-compartment'
}

/** A clinician with patient scopes only must still be able to read who they are (SAL-123). */
function ownUserAllowance(access: AccessContext, need: Need): Allowance | undefined {
  const { fhirUser, scopes } = access
  if (fhirUser === undefined || need.verb !== 'read' || !fhirUser.startsWith(`${need.type}/`)) return undefined
  if (need.id !== undefined && fhirUser !== `${need.type}/${need.id}`) return undefined
  if (!scopes.names.has('openid') || !(scopes.names.has('fhirUser') || scopes.names.has('profile'))) return undefined
  return { withinPatient: null, filters: [], onlyReference: fhirUser }
}

export type ResourceDecision =
  | { readonly effect: 'permit' }
  | {
      readonly effect: 'deny'
      readonly rule: DenyRule | 'not-this-patient' | 'outside-constraint' | 'contained-not-permitted' | 'malformed'
    }

const PERMIT: ResourceDecision = { effect: 'permit' }

/**
 * Decides on one resource as it stands: coming back from upstream, or about to be written.
 *
 * What it contains is decided too, and a Bundle by every resource in it. `bases` are the addresses under which this
 * FHIR server's own resources may be referred to absolutely.
 */
export function allowsResource(
  access: AccessContext,
  verb: Verb,
  resource: unknown,
  bases: readonly string[] = [],
): ResourceDecision {
  if (!isResource(resource) || !isResourceType(resource.resourceType)) return { effect: 'deny', rule: 'malformed' }
  const decision = decideFound(access, verb, resource)
  if (decision.effect === 'deny') return decision
  const itself = meetsAnAllowance(decision.allowances, resource, (patient) => belongsOnlyTo(resource, patient, bases))
  if (itself.effect === 'deny') return itself
  if (resource.resourceType === 'Bundle' && !bundleIsAllowed(access, verb, resource, bases))
    return { effect: 'deny', rule: 'contained-not-permitted' }
  return containedIsAllowed(access, verb, resource, bases)
    ? PERMIT
    : { effect: 'deny', rule: 'contained-not-permitted' }
}

/** A directory resource comes back beside a search's matches on the strength of being readable by id as well. */
function decideFound(access: AccessContext, verb: Verb, resource: Resource): PolicyDecision {
  const need = { type: resource.resourceType, id: typeof resource['id'] === 'string' ? resource['id'] : '' }
  const found = decideInteraction(access, { ...need, verb })
  if (verb !== 'search' || !isDirectoryType(need.type)) return found
  const readable = decideInteraction(access, { ...need, verb: 'read' })
  if (found.effect === 'deny' || readable.effect === 'deny') return found.effect === 'deny' ? readable : found
  return { effect: 'permit', allowances: [...found.allowances, ...readable.allowances] }
}

function meetsAnAllowance(
  allowances: readonly Allowance[],
  resource: Resource,
  isOf: (patient: FhirId) => boolean,
): ResourceDecision {
  const mine = allowances.filter(({ withinPatient }) => withinPatient === null || isOf(withinPatient))
  if (mine.length === 0) return { effect: 'deny', rule: 'not-this-patient' }
  const met = mine.some(({ filters }) => meetsFilters(resource, filters))
  return met ? PERMIT : { effect: 'deny', rule: 'outside-constraint' }
}

/**
 * Contained resources have no life of their own (FHIR R4, "Contained Resources") and share their container's patient,
 * but one of a patient's types still needs a scope for its type, and none may name somebody else. The directory is readable
 * by whoever holds a scope for it, so that is what a contained Practitioner needs too, whatever is done with the container.
 */
function containedIsAllowed(access: AccessContext, verb: Verb, container: Resource, bases: readonly string[]): boolean {
  const contained = container['contained']
  if (contained === undefined) return true
  if (!Array.isArray(contained)) return false
  return contained.every((inner: unknown) => {
    if (!isResource(inner) || inner['contained'] !== undefined || CARRIERS.has(inner.resourceType)) return false
    const isOfDirectory = isDirectoryType(inner.resourceType)
    if (!isOfDirectory && !isPatientType(inner.resourceType)) return true
    const need = { verb: isOfDirectory ? 'read' : verb, type: inner.resourceType, id: '' } as const
    const decision = decideInteraction(access, need)
    if (decision.effect === 'deny') return false
    const isOf = (patient: FhirId): boolean => namesNobodyBut(inner, patient, bases)
    return meetsAnAllowance(decision.allowances, inner, isOf).effect === 'permit'
  })
}

/** Types that carry whole resources of other types, which nobody decides on inside a container. */
const CARRIERS: ReadonlySet<string> = new Set(['Bundle', 'Parameters'])

function bundleIsAllowed(access: AccessContext, verb: Verb, bundle: Resource, bases: readonly string[]): boolean {
  const entries = bundle['entry'] ?? []
  if (!Array.isArray(entries)) return false
  return entries.every((entry: unknown) => {
    const inner = isRecord(entry) ? entry['resource'] : undefined
    if (inner === undefined) return isRecord(entry)
    // A Bundle in a Bundle is nobody's search result, and depth is the sender's choice.
    if (isResource(inner) && inner.resourceType === 'Bundle') return false
    return allowsResource(access, verb, inner, bases).effect === 'permit'
  })
}
