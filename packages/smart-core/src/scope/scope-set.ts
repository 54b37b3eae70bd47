import { type Problem, isProblem, problem } from '../problem.ts'
import { filtersImply } from './filter.ts'
import type { ResourceScope } from './resource-scope.ts'
import { type FhircastScope, type Scope, formatScope, parseScope } from './scope.ts'

/** Scopes held together: what they permit is the union of what each permits (SAL-132). */
export type ScopeSet = {
  readonly scopes: readonly Scope[]
  /** The resource scopes among them, in the order they were held; the gateway asks for these on every resource. */
  readonly resources: readonly ResourceScope[]
  /** Spellings of the scopes that are held or not, with nothing in between. */
  readonly names: ReadonlySet<string>
}

/** Longer lists than this are an attack on the reader, not a wish. */
const MOST_SCOPES = 500

export function scopeSetOf(scopes: readonly Scope[]): ScopeSet {
  const resources: ResourceScope[] = []
  const names = new Set<string>()
  for (const scope of scopes) {
    if (scope.kind === 'resource') resources.push(scope)
    else names.add(nameOf(scope))
  }
  return { scopes, resources, names }
}

/** What `parseScopeSet` answers. */
type ParsedScopes = { readonly scopes: ScopeSet; readonly unknown: readonly Problem[] }

/** Apps ask for the same list at every launch, and each request reads it several times; what was read never changes. */
const recent = new Map<string, ParsedScopes>()
const MOST_RECENT = 200
const LONGEST_RECENT = 2000

/** Reads a space-separated list, keeping each scope once and reporting every token that is none. */
export function parseScopeSet(text: string): ParsedScopes {
  const known = recent.get(text)
  if (known !== undefined) return known
  const parsed = readScopeSet(text)
  if (text.length > LONGEST_RECENT) return parsed
  const oldest = recent.size >= MOST_RECENT ? recent.keys().next().value : undefined
  if (oldest !== undefined) recent.delete(oldest)
  recent.set(text, parsed)
  return parsed
}

function readScopeSet(text: string): ParsedScopes {
  const tokens = [...new Set(text.split(' '))].filter((token) => token !== '')
  const scopes: Scope[] = []
  const unknown: Problem[] = []
  for (const token of tokens.slice(0, MOST_SCOPES)) {
    const scope = parseScope(token)
    if (isProblem(scope)) unknown.push(scope)
    else scopes.push(scope)
  }
  for (const token of tokens.slice(MOST_SCOPES)) unknown.push(problem(token, `only ${MOST_SCOPES} scopes are read`))
  return { scopes: scopeSetOf(scopes), unknown }
}

/**
 * Prints the set as the `scope` member of a message.
 *
 * @public the inverse of `parseScopeSet`, which the tests hold it to
 */
export function formatScopeSet(set: ScopeSet): string {
  return set.scopes.map(formatScope).join(' ')
}

/** True when a client holding `set` may do everything `wanted` asks for. */
export function covers(set: ScopeSet, wanted: Scope): boolean {
  switch (wanted.kind) {
    case 'resource':
      return wanted.permissions.every((letter) =>
        set.resources.some((held) => held.permissions.includes(letter) && reaches(held, wanted)),
      )
    case 'fhircast':
      return (wanted.access === '*' ? ['read', 'write'] : [wanted.access]).every((access) =>
        set.scopes.some((held) => held.kind === 'fhircast' && fhircastReaches(held, wanted.event, access)),
      )
    case 'messaging': {
      // A group covers the ballot-era names inside it, never the other way round (WM-17).
      const group = wanted.name.split('.', 1)[0] ?? wanted.name
      return set.names.has(nameOf(wanted)) || set.names.has(nameOf({ kind: 'messaging', name: group }))
    }
    default:
      return set.names.has(nameOf(wanted))
  }
}

/** Same level, at least the type, and no condition that `wanted` does not make itself. Letters are the caller's. */
export function reaches(held: ResourceScope, wanted: ResourceScope): boolean {
  return (
    held.level === wanted.level &&
    (held.resourceType === '*' || held.resourceType === wanted.resourceType) &&
    filtersImply(wanted.filters, held.filters)
  )
}

function fhircastReaches(held: FhircastScope, event: string, access: string): boolean {
  return (
    (held.event === '*' || held.event.toLowerCase() === event.toLowerCase()) &&
    (held.access === '*' || held.access === access)
  )
}

/** One spelling for scopes that mean the same; an omitted role is the role `launch`. */
function nameOf(scope: Exclude<Scope, ResourceScope>): string {
  if (scope.kind === 'launch-context') return `launch/${scope.type}?role=${scope.role ?? 'launch'}`
  if (scope.kind === 'fhircast') return formatScope(scope).toLowerCase()
  return formatScope(scope)
}
