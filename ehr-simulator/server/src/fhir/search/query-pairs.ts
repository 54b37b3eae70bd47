import type { Filter, IncludeTarget, SearchRequest } from '@medplum/core'
import { PREFIXES } from './parse-values.ts'
import type { QueryPair } from './search-plan.ts'

/** `Type?name=value&…` as its type and decoded pairs. */
export function splitQuery(query: string): { readonly type: string; readonly pairs: readonly QueryPair[] } {
  const mark = query.indexOf('?')
  if (mark < 0) return { type: query, pairs: [] }
  return { type: query.slice(0, mark), pairs: [...new URLSearchParams(query.slice(mark + 1))] }
}

const prefixes: readonly string[] = PREFIXES

function filterPair({ code, operator, value }: Filter): QueryPair {
  if (operator === 'eq') return [code, value]
  return prefixes.includes(operator) ? [code, `${operator}${value}`] : [`${code}:${operator}`, value]
}

const includePair =
  (name: string) =>
  ({ resourceType, searchParam, targetType, modifier }: IncludeTarget): QueryPair => [
    modifier === 'iterate' ? `${name}:iterate` : name,
    [resourceType, searchParam, ...(targetType === undefined ? [] : [targetType])].join(':'),
  ]

/** Writes Medplum's parsed request as a query again, so that there is one reader of searches with one set of rules. */
export function pairsOf(request: SearchRequest): readonly QueryPair[] {
  const sort = (request.sortRules ?? []).map(({ code, descending }) => (descending ? `-${code}` : code))
  return [
    ...(request.filters ?? []).map(filterPair),
    ...(sort.length > 0 ? [['_sort', sort.join(',')] as const] : []),
    ...(request.count === undefined ? [] : [['_count', String(request.count)] as const]),
    ...(request.offset ? [['_offset', String(request.offset)] as const] : []),
    ...(request.total === undefined ? [] : [['_total', request.total] as const]),
    ...(request.fields === undefined ? [] : [['_elements', request.fields.join(',')] as const]),
    ...(request.include ?? []).map(includePair('_include')),
    ...(request.revInclude ?? []).map(includePair('_revinclude')),
  ]
}
