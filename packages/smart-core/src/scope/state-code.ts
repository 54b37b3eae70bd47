import type { ResourceScope } from './resource-scope.ts'
import { tokenAlternatives } from './token-value.ts'

/** What an app calls one kind of state it keeps here (SMART App Launch 2.2.0, "Persisting App State"). */
export type StateCode = { readonly system: string; readonly code: string }

/**
 * The state codes a scope of the form `patient/Basic.cuds?code=https://app.example|prefs` is about (SAL-222); with nothing
 * behind the bar it is about all codes of that system.
 *
 * A wildcard, a code without system or a second constraint names no app, so it opens no state.
 */
export function stateCodesOf(scope: ResourceScope): StateCode | undefined {
  const [filter, ...others] = scope.filters
  if (scope.level === 'system' || scope.resourceType !== 'Basic' || others.length > 0) return undefined
  return filter?.[0] === 'code' ? parseStateCodes(filter[1]) : undefined
}

/** The same wish for app state alone: all codes of one origin in place of all Basic resources. */
export const onlyForState = (scope: ResourceScope, origin: string): ResourceScope => ({
  ...scope,
  filters: [['code', `${origin}|`]],
  query: `code=${origin}|`,
})

/**
 * True for a scope that writes under a state code: it is about app state and nothing else, so that an app can be given state
 * without being given a look at Basic resources of the FHIR base.
 */
export const isOnlyForState = (scope: ResourceScope): boolean =>
  stateCodesOf(scope) !== undefined && scope.permissions.some((letter) => letter !== 'r' && letter !== 's')

/** Reads `system|code`, both there and nothing beside them. */
export function parseStateCode(text: string): StateCode | undefined {
  const codes = parseStateCodes(text)
  return codes?.code === '' ? undefined : codes
}

function parseStateCodes(text: string): StateCode | undefined {
  const [only, ...others] = tokenAlternatives(text) ?? []
  if (only === undefined || others.length > 0 || only.system === null || only.system === '') return undefined
  return { system: only.system, code: only.code }
}
