import { isProblem } from '@uthopp/smart-core/problem'
import { intersectScope } from '@uthopp/smart-core/scope/intersect'
import { formatScope, parseScope } from '@uthopp/smart-core/scope/scope'
import { parseScopeSet } from '@uthopp/smart-core/scope/scope-set'
import { scopesIn } from '@uthopp/smart-core/scope/tokens'
import type { World } from './address.ts'
import { fault, isFault, type MetadataFault } from './fault.ts'

const MAX_SCOPE = 8000
/** What an app that names no scopes gets: who is signed in, and the one patient of the launch. */
const DEFAULT_SCOPE = 'launch openid fhirUser patient/Patient.r'

const BACKEND_MOST = parseScopeSet('system/*.rs').scopes

/** What the demo world approves at once for a backend service: reading and searching, never writing. */
function backendScope(registered: string): string | MetadataFault {
  const kept = parseScopeSet(registered).scopes.scopes.flatMap((scope) => {
    if (scope.kind === 'extension') return [formatScope(scope)]
    return scope.kind === 'resource' ? intersectScope(scope, BACKEND_MOST).map(formatScope) : []
  })
  return kept.length === 0 ? fault('`scope` names nothing that a backend service can be given') : kept.join(' ')
}

/** The part of a registration that stays below what the trust has bounded it with. */
export function withinCeiling<T extends { readonly scope: string }>(
  metadata: T | MetadataFault,
  ceiling: string | null,
): T | MetadataFault {
  if (isFault(metadata) || ceiling === null) return metadata
  const most = parseScopeSet(ceiling).scopes
  const kept = parseScopeSet(metadata.scope).scopes.scopes.flatMap((scope) => intersectScope(scope, most))
  if (kept.length === 0) return fault('`scope` names nothing that the initial access token is good for')
  return { ...metadata, scope: [...new Set(kept.map(formatScope))].join(' ') }
}

/** Reads the scopes an app may ever be given; what it may not have, or what nobody knows, is left out. */
export function readScope(
  given: unknown,
  confidential: boolean,
  backend: boolean,
  world: World,
): string | MetadataFault {
  if (given === undefined && !backend) return DEFAULT_SCOPE
  if (typeof given !== 'string' || given.length > MAX_SCOPE) return fault('`scope` must be a space-separated text')
  // Extension scopes are given by the trust and `system/` belongs to backend services alone. In the demo world the trust gives `__introspect` (contracts §6) and app state for all users at once, to apps that can prove who they are.
  const byTheTrust = confidential && world === 'demo' ? ['__introspect', '__app_state.global'] : []
  const offered = scopesIn(given).filter(
    (token) => (!token.startsWith('__') || byTheTrust.includes(token)) && (backend || !token.startsWith('system/')),
  )
  const kept = [...new Set(offered.filter((token) => !isProblem(parseScope(token))))]
  if (kept.length === 0) return fault('`scope` names nothing that can be registered')
  return backend ? backendScope(kept.join(' ')) : kept.join(' ')
}
