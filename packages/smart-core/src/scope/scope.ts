import { resourceTypeOfLowerCase } from '../fhir/resource-types.ts'
import { type Problem, problem } from '../problem.ts'
import { type ResourceScope, formatResourceScope, parseResourceScope } from './resource-scope.ts'

/** `launch`: the app was started by the host and brings a handle. */
export type LaunchScope = { readonly kind: 'launch' }
/** `launch/<type>[?role=…]`: context the app would like to be told about. */
export type LaunchContextScope = {
  readonly kind: 'launch-context'
  /** Lower case, as the grammar demands. */
  readonly type: string
  /** Absent means the role `launch`. */
  readonly role: string | null
}
export type IdentityScope = { readonly kind: 'identity'; readonly name: 'openid' | 'fhirUser' | 'profile' }
export type RefreshScope = { readonly kind: 'refresh'; readonly name: 'offline_access' | 'online_access' }
/** `fhircast/<Event>.<read|write|*>`; the event keeps its spelling and is compared without regard to case. */
export type FhircastScope = {
  readonly kind: 'fhircast'
  readonly event: string
  readonly access: 'read' | 'write' | '*'
}
export type MessagingScope = { readonly kind: 'messaging'; readonly name: string }
/** `__name` or an absolute URI: everything the guide leaves to others (SAL-151). */
export type ExtensionScope = { readonly kind: 'extension'; readonly name: string }

export type Scope =
  | ResourceScope
  | LaunchScope
  | LaunchContextScope
  | IdentityScope
  | RefreshScope
  | FhircastScope
  | MessagingScope
  | ExtensionScope

/** scope-token of RFC 6749 §3.3, and a length no honest scope reaches. */
const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]{1,1024}$/
const FHIRCAST = /^fhircast\/(?<event>\*|[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)\.(?<access>read|write|\*)$/
/** The groups of SMART Web Messaging and the narrower ballot-era names old apps ask for (WM-15 to WM-17). */
const MESSAGING = /^messaging\/(ui|scratchpad|fhir|ui\.(done|launchActivity)|scratchpad\.(read|create|update|delete))$/
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s"\\]+$/

/** Reads one scope token; a token of no known kind is a problem, never a guess. */
export function parseScope(token: string): Scope | Problem {
  if (!SCOPE_TOKEN.test(token)) return problem(token, 'not a scope token (RFC 6749 §3.3)')
  switch (token) {
    case 'launch':
      return { kind: 'launch' }
    case 'openid':
    case 'fhirUser':
    case 'profile':
      return { kind: 'identity', name: token }
    case 'offline_access':
    case 'online_access':
      return { kind: 'refresh', name: token }
    default:
      return parsePrefixed(token)
  }
}

function parsePrefixed(token: string): Scope | Problem {
  const prefix = token.slice(0, token.indexOf('/') + 1)
  switch (prefix) {
    case 'patient/':
    case 'user/':
    case 'system/':
      return parseResourceScope(token)
    case 'launch/':
      return parseLaunchContext(token)
    case 'fhircast/':
      return parseFhircast(token)
    case 'messaging/':
      return MESSAGING.test(token)
        ? { kind: 'messaging', name: token.slice(prefix.length) }
        : problem(token, 'not a message group of SMART Web Messaging')
    default:
      if (/^__[A-Za-z0-9]/.test(token) || isAbsoluteUri(token)) return { kind: 'extension', name: token }
      return problem(token, 'not a scope of SMART App Launch, and extensions are URIs or start with `__`')
  }
}

const LAUNCH_CONTEXT = /^launch\/(?<type>[a-z]+)(?:\?role=(?<role>.+))?$/

/** SMART App Launch 2.2.0, "launch/[resource type]": lower case, at most one role, which is `launch` or a URI. */
function parseLaunchContext(token: string): LaunchContextScope | Problem {
  const part = LAUNCH_CONTEXT.exec(token)?.groups
  const type = part?.['type']
  if (type === undefined) return problem(token, 'expected launch/type, optionally with ?role=uri')
  if (resourceTypeOfLowerCase(type) === undefined) return problem(token, `\`${type}\` is not a lower-case R4 type`)
  const role = part?.['role'] ?? null
  if (role !== null && role !== 'launch' && !isAbsoluteUri(role))
    return problem(token, 'a role is `launch` or an absolute URI')
  if (role?.includes('&') === true) return problem(token, 'one role a scope')
  return { kind: 'launch-context', type, role }
}

function parseFhircast(token: string): FhircastScope | Problem {
  const part = FHIRCAST.exec(token)?.groups
  if (part === undefined) return problem(token, 'expected fhircast/Event.read, .write or .*')
  // The pattern matched, so both groups exist and access is one of the three.
  return { kind: 'fhircast', event: part['event'] ?? '', access: part['access'] as FhircastScope['access'] }
}

/** An absolute URI as far as a scope needs to know: a scheme and something after it. */
export function isAbsoluteUri(text: string): boolean {
  return URI.test(text)
}

/** Prints a scope exactly as it was read. */
export function formatScope(scope: Scope): string {
  switch (scope.kind) {
    case 'resource':
      return formatResourceScope(scope)
    case 'launch':
      return 'launch'
    case 'launch-context':
      return `launch/${scope.type}${scope.role === null ? '' : `?role=${scope.role}`}`
    case 'identity':
    case 'refresh':
    case 'extension':
      return scope.name
    case 'fhircast':
      return `fhircast/${scope.event}.${scope.access}`
    case 'messaging':
      return `messaging/${scope.name}`
  }
}
