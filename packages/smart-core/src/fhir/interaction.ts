import { type FhirId } from '../fhir-id.ts'
import { type Problem, isProblem, problem } from '../problem.ts'
import { parsePath, type FhirPath } from './path.ts'
import { type QueryParam, parseQuery } from './query.ts'
import type { ResourceType } from './resource-types.ts'
import { type SearchQuery, parseSearchQuery } from './search-query.ts'

/** What one HTTP request to a FHIR base means (FHIR R4, "RESTful API"). */
export type FhirInteraction =
  | { readonly kind: 'capabilities'; readonly params: readonly QueryParam[] }
  | { readonly kind: 'read'; readonly type: ResourceType; readonly id: FhirId; readonly params: readonly QueryParam[] }
  | {
      readonly kind: 'vread'
      readonly type: ResourceType
      readonly id: FhirId
      readonly version: FhirId
      readonly params: readonly QueryParam[]
    }
  | {
      readonly kind: 'history-instance'
      readonly type: ResourceType
      readonly id: FhirId
      readonly params: readonly QueryParam[]
    }
  | { readonly kind: 'history-type'; readonly type: ResourceType; readonly params: readonly QueryParam[] }
  | { readonly kind: 'history-system'; readonly params: readonly QueryParam[] }
  | { readonly kind: 'search-type'; readonly type: ResourceType; readonly search: SearchQuery; readonly via: Via }
  | { readonly kind: 'search-system'; readonly search: SearchQuery; readonly via: Via }
  | {
      readonly kind: 'search-compartment'
      readonly compartment: ResourceType
      readonly id: FhirId
      /** `*` for every type of the compartment. */
      readonly type: ResourceType | '*'
      readonly search: SearchQuery
      readonly via: Via
    }
  | { readonly kind: 'create'; readonly type: ResourceType }
  | { readonly kind: 'conditional-create'; readonly type: ResourceType; readonly search: SearchQuery }
  | { readonly kind: 'update' | 'patch' | 'delete'; readonly type: ResourceType; readonly id: FhirId }
  | {
      readonly kind: 'conditional-update' | 'conditional-patch' | 'conditional-delete'
      readonly type: ResourceType
      readonly search: SearchQuery
    }
  /** A batch or transaction; its entries are interactions of their own (SAL-134). */
  | { readonly kind: 'bundle' }
  | {
      readonly kind: 'operation'
      /** Without the dollar sign. */
      readonly name: string
      readonly on: OperationTarget
      readonly method: 'GET' | 'POST'
      readonly params: readonly QueryParam[]
    }

export type Via = 'get' | 'post'
export type OperationTarget =
  | { readonly level: 'system' }
  | { readonly level: 'type'; readonly type: ResourceType }
  | { readonly level: 'instance'; readonly type: ResourceType; readonly id: FhirId }

export type FhirRequest = {
  /** HTTP method, in any case. */
  readonly method: string
  /** Relative to the FHIR base, without leading slash and without query, exactly as it came over the wire. */
  readonly path: string
  /** Raw query, without `?`. */
  readonly query?: string
  readonly contentType?: string
  /** Raw body of a `_search` POST. */
  readonly form?: string
  /** The `If-None-Exist` header of a conditional create. */
  readonly ifNoneExist?: string
}

/** Reads what a request means; a request of no known meaning is a problem and must go no further. */
export function parseFhirInteraction(request: FhirRequest): FhirInteraction | Problem {
  const path = parsePath(request.path)
  if (isProblem(path)) return path
  const params = parseQuery(request.query ?? '')
  if (isProblem(params)) return params
  switch (request.method.toUpperCase()) {
    case 'GET':
    case 'HEAD':
      return parseGet(path, params)
    case 'POST':
      return parsePost(path, params, request)
    case 'PUT':
      return parseChange('update', path, params)
    case 'PATCH':
      return parseChange('patch', path, params)
    case 'DELETE':
      return parseChange('delete', path, params)
    default:
      return problem(request.method, 'not a method of the FHIR API')
  }
}

function parseGet(path: FhirPath, params: readonly QueryParam[]): FhirInteraction | Problem {
  switch (path.kind) {
    case 'metadata':
      return { kind: 'capabilities', params }
    case 'instance':
      return { kind: 'read', type: path.type, id: path.id, params }
    case 'version':
      return { kind: 'vread', type: path.type, id: path.id, version: path.version, params }
    case 'instance-history':
      return { kind: 'history-instance', type: path.type, id: path.id, params }
    case 'type-history':
      return { kind: 'history-type', type: path.type, params }
    case 'system-history':
      return { kind: 'history-system', params }
    case 'base':
    case 'type':
    case 'compartment':
      return search(path, params, 'get')
    case 'operation':
      return { kind: 'operation', name: path.name, on: path.on, method: 'GET', params }
    case 'search':
      return problem('_search', 'a `_search` address is for POST')
  }
}

function parsePost(path: FhirPath, params: readonly QueryParam[], request: FhirRequest): FhirInteraction | Problem {
  switch (path.kind) {
    case 'base':
      return params.every(([name]) => name === '_format' || name === '_pretty')
        ? { kind: 'bundle' }
        : problem('', 'a batch takes no parameters')
    case 'type':
      return parseCreate(path.type, params, request)
    case 'search': {
      const form = parseForm(request)
      return isProblem(form) ? form : search(path.within, [...params, ...form], 'post')
    }
    case 'operation':
      return { kind: 'operation', name: path.name, on: path.on, method: 'POST', params }
    default:
      return problem('POST', 'nothing is posted here')
  }
}

function parseForm(request: FhirRequest): readonly QueryParam[] | Problem {
  const mediaType = request.contentType?.split(';', 1)[0]?.trim().toLowerCase()
  // FHIR R4, "search": the body is a form; an absent body is a search by the address's query alone.
  if (mediaType !== 'application/x-www-form-urlencoded' && (request.form ?? '') !== '')
    return problem(request.contentType ?? '', 'a search is posted as a form')
  return parseQuery(request.form ?? '')
}

function parseCreate(
  type: ResourceType,
  params: readonly QueryParam[],
  request: FhirRequest,
): FhirInteraction | Problem {
  if (params.some(([name]) => name !== '_format' && name !== '_pretty'))
    return problem(params.map(([name]) => name).join('&'), 'a create takes no parameters')
  if (request.ifNoneExist === undefined) return { kind: 'create', type }
  const criteria = parseQuery(request.ifNoneExist.replace(/^\?/, ''))
  if (isProblem(criteria)) return criteria
  return conditional('conditional-create', type, criteria)
}

function parseChange(
  verb: 'update' | 'patch' | 'delete',
  path: FhirPath,
  params: readonly QueryParam[],
): FhirInteraction | Problem {
  if (path.kind === 'instance') return { kind: verb, type: path.type, id: path.id }
  if (path.kind === 'type') return conditional(`conditional-${verb}`, path.type, params)
  return problem(verb, 'only an instance or a condition on a type can be changed')
}

/** A condition that names nothing would match everything. */
function conditional(
  kind: 'conditional-create' | 'conditional-update' | 'conditional-patch' | 'conditional-delete',
  type: ResourceType,
  params: readonly QueryParam[],
): FhirInteraction | Problem {
  const query = parseSearchQuery(type, params)
  if (isProblem(query)) return query
  if (!query.params.some((param) => param.kind === 'filter' || param.kind === 'has'))
    return problem(kind, 'a conditional interaction needs criteria')
  return { kind, type, search: query }
}

type Searched = Extract<FhirPath, { readonly kind: 'base' | 'type' | 'compartment' }>

function search(path: Searched, params: readonly QueryParam[], via: Via): FhirInteraction | Problem {
  const query = parseSearchQuery(path.kind === 'base' ? '*' : path.type, params)
  if (isProblem(query)) return query
  switch (path.kind) {
    case 'base':
      return { kind: 'search-system', search: query, via }
    case 'type':
      return { kind: 'search-type', type: path.type, search: query, via }
    case 'compartment':
      return { ...path, kind: 'search-compartment', search: query, via }
  }
}
