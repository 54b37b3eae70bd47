import { isEnforceable } from './scope/enforceable.ts'
import { intersectScope } from './scope/intersect.ts'
import type { Permission } from './scope/permission.ts'
import type { ResourceScope } from './scope/resource-scope.ts'
import { type Scope, formatScope } from './scope/scope.ts'
import { type ScopeSet, covers, parseScopeSet, scopeSetOf } from './scope/scope-set.ts'
import { onlyForState, stateCodesOf } from './scope/state-code.ts'

/** Why a scope, or a part of it, was not granted. Stable: developers and tests rely on these words. */
export type WithheldCode =
  | 'not-understood'
  | 'not-registered'
  | 'narrowed-to-registration'
  | 'backend-only'
  | 'needs-a-user'
  | 'user-without-resource'
  | 'no-patient-in-context'
  | 'no-encounter-in-context'
  | 'not-an-ehr-launch'
  | 'no-refresh-here'
  | 'verb-not-issued'
  | 'not-a-state-code-of-this-app'
  | 'filter-not-enforceable'

/** Withheld whoever asks: by the registration, the kind of launch, or what is never issued. */
type FixedWithheld = { readonly scope: string; readonly code: WithheldCode; readonly reason: string }

/** Withheld from this person, now: the reason code of the rule book, its sentence, and the rules that said so. */
export type PolicyWithheld = {
  readonly scope: string
  readonly code: string
  readonly reason: string
  readonly rules: readonly string[]
}

export type Withheld = FixedWithheld | PolicyWithheld

/** Granted scopes as exact strings, and for everything else the rule that withheld it and a sentence. */
export type Negotiation = { readonly granted: readonly string[]; readonly withheld: readonly Withheld[] }

export type NegotiationContext = {
  /** A patient is in context. */
  readonly patient: boolean
  readonly encounter: boolean
  /** The user has a FHIR resource of their own to be told of. */
  readonly fhirUser: boolean
  readonly kind: 'ehr' | 'standalone' | 'backend'
}

export type Asked = {
  /** The `scope` parameter as it was sent. */
  readonly asked: string
  readonly registered: ScopeSet
  readonly context: NegotiationContext
  /** The client may have refresh tokens. */
  readonly mayRefresh: boolean
  /** Where the app verifiably lives; a state code of its own names one of these as its system (SAL-221). */
  readonly origins?: readonly string[]
}

/**
 * Decides what of a request is granted.
 *
 * Each scope is decided alone, so asking for more never loses what asking for less would have got. What is granted
 * whole is echoed byte for byte (SAL-139); what is narrowed keeps the dialect it was asked in (SAL-129, SAL-130).
 */
export function negotiate(request: Asked): Negotiation {
  const { scopes, unknown } = parseScopeSet(request.asked)
  const granted = new Set<string>()
  const withheld: Withheld[] = unknown.map(({ input, reason }) => ({ scope: input, code: 'not-understood', reason }))
  for (const scope of scopes.scopes) {
    const answer = negotiateScope(scope, request)
    for (const part of answer.granted) granted.add(formatScope(part))
    withheld.push(...answer.withheld)
  }
  return { granted: [...granted], withheld }
}

type Answer = { readonly granted: readonly Scope[]; readonly withheld: readonly Withheld[] }

function negotiateScope(scope: Scope, request: Asked): Answer {
  const refusal = refusalInContext(scope, request)
  if (refusal !== undefined) return { granted: [], withheld: [withhold(scope, refusal)] }
  const registered = intersectScope(scope, request.registered)
  if (registered.length === 0) return { granted: [], withheld: [withhold(scope, 'not-registered')] }
  const withheld: Withheld[] = []
  if (!covers(scopeSetOf(registered), scope)) withheld.push(withhold(scope, 'narrowed-to-registration'))
  const granted = registered.flatMap((part): readonly Scope[] => {
    if (part.kind !== 'resource') return [part]
    const { closed, code } = closedLetters(part, request.origins ?? [])
    const issued = without(part, closed)
    if (issued !== part) withheld.push(withhold(part, code))
    const state = issued === part ? [] : ownState(part, request.origins ?? [])
    if (issued === undefined || isEnforceable(issued)) return issued === undefined ? state : [issued, ...state]
    withheld.push(withhold(part, 'filter-not-enforceable'))
    return []
  })
  return { granted, withheld }
}

/** Reasons that stand whatever the app is registered for. */
function refusalInContext(scope: Scope, { context, mayRefresh }: Asked): WithheldCode | undefined {
  const backend = context.kind === 'backend'
  switch (scope.kind) {
    case 'resource':
      // SAL-138 and SAL-172: each flow has its level.
      if (scope.level === 'system') return backend ? undefined : 'backend-only'
      if (backend) return 'needs-a-user'
      return scope.level === 'patient' && !context.patient ? 'no-patient-in-context' : undefined
    case 'identity':
      if (backend) return 'needs-a-user'
      // SAL-122; `profile` is the same under its name of SMART 1.0.
      return scope.name === 'openid' || context.fhirUser ? undefined : 'user-without-resource'
    case 'fhircast':
    case 'messaging':
      return backend ? 'needs-a-user' : undefined
    case 'refresh':
      if (backend) return 'needs-a-user'
      // SMART App Launch 2.2.0, "Scopes for requesting a refresh token": online access belongs to an EHR launch.
      if (scope.name === 'online_access' && context.kind !== 'ehr') return 'not-an-ehr-launch'
      return mayRefresh ? undefined : 'no-refresh-here'
    case 'launch':
      return context.kind === 'ehr' ? undefined : 'not-an-ehr-launch'
    case 'launch-context':
      if (backend) return 'needs-a-user'
      if (scope.type === 'patient' && !context.patient) return 'no-patient-in-context'
      return scope.type === 'encounter' && !context.encounter ? 'no-encounter-in-context' : undefined
    case 'extension':
      return undefined
  }
}

type Closed = { readonly closed: readonly Permission[]; readonly code: WithheldCode }

/**
 * Letters that are not issued, and why. Contracts §7: nobody gets `d`, and `user/` scopes only read.
 *
 * App state is the exception (SAL-222): under a code of the app's own it is the app's to write and to delete, and such a
 * scope opens nothing at the FHIR base (`access.ts`). A code that belongs to another origin is nobody's here to write under.
 */
function closedLetters(scope: ResourceScope, origins: readonly string[]): Closed {
  const state = stateCodesOf(scope)
  if (state !== undefined)
    return { closed: origins.includes(state.system) ? [] : ['c', 'u', 'd'], code: 'not-a-state-code-of-this-app' }
  return { closed: scope.level === 'user' ? ['c', 'u', 'd'] : ['d'], code: 'verb-not-issued' }
}

/**
 * What is left for app state of an unconstrained wish such as `user/Basic.cuds`, which loses letters at the FHIR base: the
 * same letters for the app's own codes. Only where letters are lost, so that a granted list asked for again grows nothing.
 */
function ownState(scope: ResourceScope, origins: readonly string[]): readonly ResourceScope[] {
  if (scope.resourceType !== 'Basic' || scope.filters.length > 0 || scope.level === 'system') return []
  return scope.dialect === 'v1' ? [] : origins.map((origin) => onlyForState(scope, origin))
}

/** The scope itself when nothing had to go. */
function without(scope: ResourceScope, closed: readonly Permission[]): ResourceScope | undefined {
  const permissions = scope.permissions.filter((letter) => !closed.includes(letter))
  if (permissions.length === scope.permissions.length) return scope
  return permissions.length === 0 ? undefined : { ...scope, permissions }
}

const SENTENCES: Readonly<Record<WithheldCode, string>> = {
  'not-understood': 'this is not a scope of SMART App Launch',
  'not-registered': 'the app is not registered for this scope',
  'narrowed-to-registration': 'only the part the app is registered for was granted',
  'backend-only': 'system/ scopes are for client_credentials, not for a launch with a user',
  'needs-a-user': 'this scope needs a user, and client_credentials has none',
  'user-without-resource': 'the user has no FHIR resource of their own to be told of',
  'no-patient-in-context': 'no patient is in context, so there is no one this scope could be about',
  'no-encounter-in-context': 'no encounter is in context',
  'not-an-ehr-launch': 'this scope belongs to a launch from the host',
  'no-refresh-here': 'this app may not have refresh tokens',
  'verb-not-issued': 'delete is never issued, and user/ scopes are issued for reading and searching only',
  'not-a-state-code-of-this-app':
    'app state is written under codes whose system is an origin this app is registered at',
  'filter-not-enforceable': 'the gateway cannot enforce this constraint, and will not widen it',
}

function withhold(scope: Scope, code: WithheldCode): Withheld {
  return { scope: formatScope(scope), code, reason: SENTENCES[code] }
}
