import { isResourceType } from '../fhir/resource-types.ts'
import { type Problem, isProblem, problem } from '../problem.ts'
import { PERMISSIONS, type Permission } from './permission.ts'
import { type Filter, parseFilters } from './filter.ts'

export type ScopeLevel = 'patient' | 'user' | 'system'

export type ResourceScope = {
  readonly kind: 'resource'
  readonly level: ScopeLevel
  /** An R4 resource type, or `*` for all of them, now and later. */
  readonly resourceType: string
  readonly permissions: readonly Permission[]
  /** All of these must hold. No entries means no condition on the data. */
  readonly filters: readonly Filter[]
  /** The constraint as it was written, without `?`; empty when there is none. */
  readonly query: string
  /** How it was written, so that the answer speaks the language of the question. */
  readonly dialect: 'v1' | 'v2'
}

const V1_WORDS: ReadonlyMap<string, string> = new Map([
  ['read', 'rs'],
  ['write', 'cud'],
  ['*', 'cruds'],
])
const SHAPE = /^(?<level>patient|user|system)\/(?<type>\*|[A-Z][A-Za-z]*)\.(?<word>[a-z]+|\*)(?:\?(?<query>.+))?$/s

/**
 * Reads one resource scope.
 *
 * SMART App Launch 2.2.0, "Scopes for requesting FHIR Resources": letters keep their order and at least one is
 * present; nothing is matched by its beginning (SAL-128). Version 1 words are translated here so that no other
 * file has to know about them; with a constraint they mean nothing and are refused.
 */
export function parseResourceScope(token: string): ResourceScope | Problem {
  const part = SHAPE.exec(token)?.groups
  const type = part?.['type']
  const word = part?.['word']
  if (part === undefined || type === undefined || word === undefined)
    return problem(token, 'expected level/Type.permissions')
  if (type !== '*' && !isResourceType(type)) return problem(token, `\`${type}\` is not an R4 resource type`)
  const letters = V1_WORDS.get(word)
  const query = part['query'] ?? ''
  if (letters !== undefined && query !== '') return problem(token, 'a version 1 scope takes no constraint')
  if (letters === undefined && !/^c?r?u?d?s?$/.test(word))
    return problem(token, `\`${word}\` is not an ordered choice of cruds`)
  const filters = parseFilters(query)
  if (isProblem(filters)) return problem(token, filters.reason)
  return {
    kind: 'resource',
    level: part['level'] as ScopeLevel, // SHAPE admits exactly the three
    resourceType: type,
    permissions: PERMISSIONS.filter((letter) => (letters ?? word).includes(letter)),
    filters,
    query,
    dialect: letters === undefined ? 'v2' : 'v1',
  }
}

/** Prints a scope the way it was written; what version 1 cannot say is printed in version 2. */
export function formatResourceScope(scope: ResourceScope): string {
  const letters = scope.permissions.join('')
  const word = scope.dialect === 'v1' && scope.query === '' ? v1Word(letters) : undefined
  return `${scope.level}/${scope.resourceType}.${word ?? letters}${scope.query === '' ? '' : `?${scope.query}`}`
}

function v1Word(letters: string): string | undefined {
  for (const [word, meaning] of V1_WORDS) if (meaning === letters) return word
  return undefined
}
