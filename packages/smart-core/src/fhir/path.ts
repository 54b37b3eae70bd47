import { type FhirId, parseFhirId } from '../fhir-id.ts'
import { type Problem, isProblem, problem } from '../problem.ts'
import type { OperationTarget } from './interaction.ts'
import { type ResourceType, isResourceType } from './resource-types.ts'

/** An address below a FHIR base, before the method gives it a meaning. */
export type FhirPath =
  | SearchedPath
  | { readonly kind: 'metadata' }
  | { readonly kind: 'system-history' }
  | { readonly kind: 'type-history'; readonly type: ResourceType }
  | { readonly kind: 'instance'; readonly type: ResourceType; readonly id: FhirId }
  | { readonly kind: 'instance-history'; readonly type: ResourceType; readonly id: FhirId }
  | { readonly kind: 'version'; readonly type: ResourceType; readonly id: FhirId; readonly version: FhirId }
  /** The `_search` address of something that can be searched. */
  | { readonly kind: 'search'; readonly within: SearchedPath }
  | { readonly kind: 'operation'; readonly name: string; readonly on: OperationTarget }

type SearchedPath =
  | { readonly kind: 'base' }
  | { readonly kind: 'type'; readonly type: ResourceType }
  | {
      readonly kind: 'compartment'
      readonly compartment: ResourceType
      readonly id: FhirId
      readonly type: ResourceType | '*'
    }

/** The compartments of FHIR R4 ("CompartmentDefinition"). */
const COMPARTMENTS: ReadonlySet<string> = new Set(['Device', 'Encounter', 'Patient', 'Practitioner', 'RelatedPerson'])

const LONGEST_PATH = 400
const OPERATION = /^\$[A-Za-z][A-Za-z0-9-]{0,63}$/

/**
 * Reads a path without leading slash.
 *
 * INVARIANT: nothing is decoded or normalised. Types, ids and operations need no percent-encoding, and a path that two
 * servers could read differently (`..`, `//`, `%2F`, a backslash) must never be passed on, so it is refused.
 */
export function parsePath(path: string): FhirPath | Problem {
  if (path.length > LONGEST_PATH) return problem(path, 'the path is too long')
  if (!/^[A-Za-z0-9\-._$*/]*$/.test(path)) return problem(path, 'a FHIR path has letters, digits and `-._$*/` only')
  if (path === '') return { kind: 'base' }
  const segments = path.split('/')
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..'))
    return problem(path, 'empty and dot segments are refused')
  return parseSegments(segments) ?? problem(path, 'no interaction has this path')
}

function parseSegments(segments: readonly string[]): FhirPath | undefined {
  const [first = '', ...rest] = segments
  if (isResourceType(first)) return rest.length === 0 ? { kind: 'type', type: first } : belowType(first, rest)
  if (rest.length > 0) return undefined
  if (first === 'metadata') return { kind: 'metadata' }
  if (first === '_history') return { kind: 'system-history' }
  if (first === '_search') return { kind: 'search', within: { kind: 'base' } }
  return OPERATION.test(first) ? { kind: 'operation', name: first.slice(1), on: { level: 'system' } } : undefined
}

function belowType(type: ResourceType, segments: readonly string[]): FhirPath | undefined {
  const [first = '', ...rest] = segments
  if (rest.length === 0) {
    if (first === '_history') return { kind: 'type-history', type }
    if (first === '_search') return { kind: 'search', within: { kind: 'type', type } }
    if (OPERATION.test(first)) return { kind: 'operation', name: first.slice(1), on: { level: 'type', type } }
  }
  const id = parseFhirId(first)
  if (isProblem(id)) return undefined
  return rest.length === 0 ? { kind: 'instance', type, id } : belowInstance(type, id, rest)
}

function belowInstance(type: ResourceType, id: FhirId, segments: readonly string[]): FhirPath | undefined {
  const [first = '', second, ...rest] = segments
  if (rest.length > 0) return undefined
  if (second === undefined && OPERATION.test(first))
    return { kind: 'operation', name: first.slice(1), on: { level: 'instance', type, id } }
  if (first === '_history') return history(type, id, second)
  if (!COMPARTMENTS.has(type) || (first !== '*' && !isResourceType(first))) return undefined
  const within: SearchedPath = { kind: 'compartment', compartment: type, id, type: first }
  if (second === undefined) return within
  return second === '_search' ? { kind: 'search', within } : undefined
}

function history(type: ResourceType, id: FhirId, version: string | undefined): FhirPath | undefined {
  if (version === undefined) return { kind: 'instance-history', type, id }
  const parsed = parseFhirId(version)
  return isProblem(parsed) ? undefined : { kind: 'version', type, id, version: parsed }
}
