import { findSearchParameter } from '../fhir/search-parameters.ts'
import { isResourceType } from '../fhir/resource-types.ts'
import types from '../r4/resource-types.json' with { type: 'json' }
import type { Filter } from './filter.ts'
import type { ResourceScope } from './resource-scope.ts'
import { tokenAlternatives } from './token-value.ts'

/** True when every constraint can be checked on a resource itself (SAL-148: refuse rather than widen). */
export function isEnforceable(scope: ResourceScope): boolean {
  const { resourceType, filters } = scope
  const reached = isResourceType(resourceType) ? [resourceType] : types
  // A wildcard's constraint closes the types it says nothing about; it must say something about one.
  return filters.every((filter) => reached.some((type) => pathsOfFilter(type, filter) !== undefined))
}

/** Where a constraint's values stand in resources of a type; undefined when only a search engine could tell. */
export function pathsOfFilter(type: string, [param, value]: Filter): readonly (readonly string[])[] | undefined {
  const parameter = findSearchParameter(type, param)
  if (parameter?.type !== 'token' || parameter.paths.length === 0) return undefined
  return tokenAlternatives(value) === undefined ? undefined : parameter.paths
}
