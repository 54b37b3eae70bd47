import type { ResourceScope } from './resource-scope.ts'
import { tokenAlternatives } from './token-value.ts'

/** What an app calls one kind of state it keeps here (SMART App Launch 2.2.0, "Persisting App State"). */
export type StateCode = { readonly system: string; readonly code: string }

/**
 * The state code a scope of the form `patient/Basic.cuds?code=https://app.example|prefs` is about (SAL-222).
 *
 * Only one whole code counts: a wildcard, a code without system or a second constraint names no app, so it opens no state.
 */
export function stateCodeOf(scope: ResourceScope): StateCode | undefined {
  const [filter, ...others] = scope.filters
  if (scope.level === 'system' || scope.resourceType !== 'Basic' || others.length > 0) return undefined
  return filter?.[0] === 'code' ? parseStateCode(filter[1]) : undefined
}

/**
 * True for a scope that writes under a state code: it is about app state and nothing else, so that an app can be given state
 * without being given a look at Basic resources of the FHIR base.
 */
export const isOnlyForState = (scope: ResourceScope): boolean =>
  stateCodeOf(scope) !== undefined && scope.permissions.some((letter) => letter !== 'r' && letter !== 's')

/** Reads `system|code`, both there and nothing beside them. */
export function parseStateCode(text: string): StateCode | undefined {
  const [only, ...others] = tokenAlternatives(text) ?? []
  if (only === undefined || others.length > 0 || only.system === null) return undefined
  const { system, code } = only
  return system === '' || code === '' ? undefined : { system, code }
}
