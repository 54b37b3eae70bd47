import { filterImplies, filtersImply } from './filter.ts'
import { PERMISSIONS } from './permission.ts'
import type { ResourceScope } from './resource-scope.ts'
import { type FhircastScope, type Scope, formatScope } from './scope.ts'
import { type ScopeSet, covers, reaches, scopeSetOf } from './scope-set.ts'

/**
 * What both sides permit, spelled the way the asking side spelled it. Never wider than either.
 *
 * @public the algebra of scope sets is whole, whether or not a process asks for each part of it yet
 */
export function intersect(asked: ScopeSet, ceiling: ScopeSet): ScopeSet {
  return scopeSetOf(distinct(asked.scopes.flatMap((scope) => intersectScope(scope, ceiling))))
}

/** The part of one asked scope that a ceiling permits: the scope itself, narrower ones, or none. */
export function intersectScope(asked: Scope, ceiling: ScopeSet): readonly Scope[] {
  if (covers(ceiling, asked)) return [asked]
  switch (asked.kind) {
    case 'resource':
      return narrowedResources(asked, ceiling.resources)
    case 'fhircast':
      return ceiling.scopes.flatMap((held) => (held.kind === 'fhircast' ? narrowedEvent(asked, held) : []))
    case 'messaging':
      return ceiling.scopes.filter((held) => held.kind === 'messaging' && held.name.startsWith(`${asked.name}.`))
    default:
      return []
  }
}

function narrowedResources(asked: ResourceScope, ceiling: readonly ResourceScope[]): readonly ResourceScope[] {
  const narrowed = new Map<string, ResourceScope>()
  for (const held of ceiling) {
    const both = narrowedResource(asked, held)
    if (both === undefined) continue
    // `X.r` and `X.s` under one condition are `X.rs` (SAL-132).
    const key = `${both.resourceType}?${both.query}`
    const known = narrowed.get(key)
    const letters = known === undefined ? both.permissions : [...known.permissions, ...both.permissions]
    narrowed.set(key, { ...both, permissions: PERMISSIONS.filter((letter) => letters.includes(letter)) })
  }
  const list = [...narrowed.values()]
  return list.filter((scope, index) => !list.some((other, at) => at !== index && makesMoot(other, scope, at < index)))
}

/** True when `other` permits all of `scope`; of two equals the earlier one stays. */
function makesMoot(other: ResourceScope, scope: ResourceScope, isEarlier: boolean): boolean {
  const permitsAll = (a: ResourceScope, b: ResourceScope): boolean =>
    reaches(a, b) && b.permissions.every((letter) => a.permissions.includes(letter))
  return permitsAll(other, scope) && (isEarlier || !permitsAll(scope, other))
}

function narrowedResource(asked: ResourceScope, held: ResourceScope): ResourceScope | undefined {
  const resourceType = commonType(asked.resourceType, held.resourceType)
  const permissions = asked.permissions.filter((letter) => held.permissions.includes(letter))
  if (asked.level !== held.level || resourceType === undefined || permissions.length === 0) return undefined
  return { ...asked, resourceType, permissions, ...bothConditions(asked, held) }
}

function commonType(a: string, b: string): string | undefined {
  if (a === b || b === '*') return a
  return a === '*' ? b : undefined
}

/** Conditions are joined by AND (SAL-143); one that another already demands is left out. */
function bothConditions(asked: ResourceScope, held: ResourceScope): Pick<ResourceScope, 'filters' | 'query'> {
  if (filtersImply(asked.filters, held.filters)) return { filters: asked.filters, query: asked.query }
  if (filtersImply(held.filters, asked.filters)) return { filters: held.filters, query: held.query }
  const conditions = [...written(asked), ...written(held)]
  const needed = conditions.filter(
    ({ filter }, index) =>
      !conditions.some(
        (other, at) =>
          at !== index && filterImplies(other.filter, filter) && (at < index || !filterImplies(filter, other.filter)),
      ),
  )
  return { filters: needed.map(({ filter }) => filter), query: needed.map(({ text }) => text).join('&') }
}

/** Each condition beside the words it was written in: a query has exactly one piece a filter. */
function written(scope: ResourceScope): readonly { filter: ResourceScope['filters'][number]; text: string }[] {
  const pieces = scope.query.split('&')
  return scope.filters.map((filter, index) => ({ filter, text: pieces[index] ?? '' }))
}

function narrowedEvent(asked: FhircastScope, held: FhircastScope): readonly FhircastScope[] {
  const same = asked.event.toLowerCase() === held.event.toLowerCase()
  const event = same || held.event === '*' ? asked.event : asked.event === '*' ? held.event : undefined
  const access = asked.access === held.access || held.access === '*' ? asked.access : held.access
  if (event === undefined || (asked.access !== '*' && access !== asked.access)) return []
  return [{ kind: 'fhircast', event, access }]
}

function distinct(scopes: readonly Scope[]): readonly Scope[] {
  const seen = new Map<string, Scope>()
  for (const scope of scopes) if (!seen.has(formatScope(scope))) seen.set(formatScope(scope), scope)
  return [...seen.values()]
}
