import { isProblem } from '../problem.ts'
import type { Filter } from './filter.ts'
import type { Permission } from './permission.ts'
import { formatResourceScope, type ResourceScope, type ScopeLevel } from './resource-scope.ts'
import { formatScope, parseScope, type Scope } from './scope.ts'
import { isOnlyForState } from './state-code.ts'
import { tokenAlternatives } from './token-value.ts'

/** The smallest thing policy is asked about: one letter for one type, or a scope that has no letters. */
export type ScopeMember =
  | {
      readonly kind: 'letter'
      readonly level: ScopeLevel
      /** Never `*`: a wildcard is asked about type by type. */
      readonly resourceType: string
      readonly letter: Permission
      readonly filters: readonly Filter[]
      /** The constraint as it was written. */
      readonly query: string
    }
  | { readonly kind: 'word'; readonly scope: string }

/** A granted scope beside everything it consists of; without members it is not for policy to decide. */
export type ExpandedScope = {
  /** Exactly as it was granted. */
  readonly text: string
  readonly scope: Scope
  readonly members: readonly ScopeMember[]
}

/**
 * Takes granted scopes apart: `patient/Observation.rs` is two asks, a wildcard one for each letter of each type served.
 *
 * Who the app is talking to and in what context is no access to data, so identity and launch scopes have no members; nor has
 * what an app keeps under its own state code, which opens nothing of the chart.
 */
export function expandScopes(granted: readonly string[], served: readonly string[]): readonly ExpandedScope[] {
  return granted.flatMap((text) => {
    const scope = parseScope(text)
    return isProblem(scope) ? [] : [{ text, scope, members: membersOf(scope, served) }]
  })
}

function membersOf(scope: Scope, served: readonly string[]): readonly ScopeMember[] {
  switch (scope.kind) {
    case 'resource':
      return isOnlyForState(scope) ? [] : lettersOf(scope, served)
    case 'identity':
    case 'launch':
    case 'launch-context':
      return []
    case 'refresh':
    case 'fhircast':
    case 'messaging':
    case 'extension':
      return [{ kind: 'word', scope: formatScope(scope) }]
  }
}

function lettersOf(scope: ResourceScope, served: readonly string[]): readonly ScopeMember[] {
  const { level, filters, query } = scope
  const types = scope.resourceType === '*' ? served : [scope.resourceType]
  return types.flatMap((resourceType) =>
    scope.permissions.map((letter) => ({ kind: 'letter', level, resourceType, letter, filters, query }) as const),
  )
}

/** Names a member in questions and answers: a scope that asks for this alone. */
export function nameOfMember(member: ScopeMember): string {
  if (member.kind === 'word') return member.scope
  const { level, resourceType, letter, filters, query } = member
  return formatResourceScope({
    kind: 'resource',
    level,
    resourceType,
    permissions: [letter],
    filters,
    query,
    dialect: 'v2',
  })
}

/**
 * The categories a granular letter is confined to, as `system|code` or `code`; none when any category may come.
 *
 * A modifier or chain (`category:not`) confines data to nothing that can be named, so it counts as no category at all.
 */
export function categoriesOf(filters: readonly Filter[]): readonly string[] {
  return filters.flatMap(([param, value]) => {
    if (param !== 'category') return []
    return (tokenAlternatives(value) ?? []).map(({ system, code }) => (system === null ? code : `${system}|${code}`))
  })
}
