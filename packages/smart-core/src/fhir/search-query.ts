import { type Problem, isProblem, problem } from '../problem.ts'
import type { QueryParam } from './query.ts'
import { type ResourceType, isResourceType } from './resource-types.ts'
import { parseFilterName } from './search-filter.ts'
import { parseInclude } from './search-include.ts'

/**
 * One thing a search looks at or brings back. `*` as a type means any type, as a parameter any reference.
 * A chain or `_has` reveals values of the resources it walks through, so each step is a touch of its own and needs
 * permission before the search; what only comes back is decided when it comes.
 */
export type Touch = {
  readonly type: ResourceType | '*'
  readonly param: string
  /** `filter`: decides what matches. `return`: resources of this type come back beside the matches. */
  readonly how: 'filter' | 'return'
}

/** One parameter of a search, and what it means. */
export type SearchParam = {
  /** As it was written, modifier and chain included. */
  readonly raw: string
  readonly value: string
  readonly kind: 'filter' | 'has' | 'include' | 'revinclude' | 'sort' | 'result'
  /** The parameter's own name, without modifier and chain. */
  readonly name: string
  readonly modifier: string | null
  /** True when a filter goes on into another resource. */
  readonly chained: boolean
  readonly touches: readonly Touch[]
  /** What the value is compared with: the last step of a chain, or the parameter itself. Empty unless it filters. */
  readonly compares: readonly Touch[]
}

export type SearchQuery = {
  /** The types searched: one for a type search, those of `_type` or `*` for a system search. */
  readonly types: readonly (ResourceType | '*')[]
  readonly params: readonly SearchParam[]
  /** Every resource type and parameter the search touches, each once. */
  readonly touches: readonly Touch[]
}

/** Parameters that shape the answer without looking at data (FHIR R4, Search, "Managing returned resources"). */
const RESULT_PARAMS: ReadonlySet<string> = new Set([
  '_count',
  '_elements',
  '_format',
  '_pretty',
  '_summary',
  '_total',
  '_type',
])

/**
 * Where in the matches a page begins, in the words of one server or another. FHIR has none: pages are reached by the links of
 * the one before (FHIR R4, Search, "Paging").
 */
export const PAGING_PARAMS: ReadonlySet<string> = new Set([
  '_cursor',
  '_getpages',
  '_getpagesoffset',
  '_maxresults',
  '_offset',
  '_page',
  '_pageId',
  '_page_token',
  '_skip',
  'ct',
  'page',
])

/** Their meaning is defined by the server or written in a language of its own, so no one can say what they touch. */
const UNREADABLE: ReadonlySet<string> = new Set(['_filter', '_query', '_contained', '_containedType', '_graph'])

/** Reads the parameters of a search on a type, or on the whole system for `*`. */
export function parseSearchQuery(type: ResourceType | '*', query: readonly QueryParam[]): SearchQuery | Problem {
  if (type !== '*' && query.some(([name]) => name === '_type'))
    return problem('_type', 'a type search has its type already')
  const types = type === '*' ? typesAsked(query) : [type]
  if (isProblem(types)) return types
  const params: SearchParam[] = []
  for (const param of query) {
    const parsed = parseSearchParam(types, param)
    if (isProblem(parsed)) return parsed
    params.push(parsed)
  }
  return { types, params, touches: distinctTouches(params.flatMap((param) => param.touches)) }
}

function typesAsked(query: readonly QueryParam[]): readonly (ResourceType | '*')[] | Problem {
  const asked = query.filter(([name]) => name === '_type').flatMap(([, value]) => value.split(','))
  if (asked.length === 0) return ['*']
  const known = asked.filter(isResourceType)
  return known.length === asked.length ? [...new Set(known)] : problem(asked.join(','), 'unknown type in _type')
}

function parseSearchParam(types: SearchQuery['types'], [raw, value]: QueryParam): SearchParam | Problem {
  const plain = { raw, value, name: raw, modifier: null, chained: false, touches: [], compares: [] } as const
  if (RESULT_PARAMS.has(raw) || PAGING_PARAMS.has(raw)) return { ...plain, kind: 'result' }
  const head = raw.split(/[:.]/, 1)[0] ?? raw
  if (UNREADABLE.has(head)) return problem(raw, `\`${head}\` cannot be decided on`)
  if (head === '_include' || head === '_revinclude') {
    const included = parseInclude(types, head, raw, value)
    return isProblem(included) ? included : { ...plain, ...included, name: head }
  }
  if (raw === '_sort') {
    const touches = sortTouches(types, value)
    return isProblem(touches) ? touches : { ...plain, kind: 'sort', touches }
  }
  if (value === '') return problem(raw, 'a search parameter needs a value')
  const filter = parseFilterName(types, raw, value)
  return isProblem(filter) ? filter : { ...plain, ...filter }
}

/** The order of matches tells about the values they are sorted by. */
function sortTouches(types: SearchQuery['types'], value: string): readonly Touch[] | Problem {
  const touches: Touch[] = []
  for (const key of value.split(',')) {
    const name = key.startsWith('-') ? key.slice(1) : key
    if (name === '_score') continue
    const filter = parseFilterName(types, name, 'x')
    if (isProblem(filter)) return filter
    if (filter.kind !== 'filter' || filter.chained || filter.modifier !== null)
      return problem(key, 'cannot sort by this')
    touches.push(...filter.touches)
  }
  return touches
}

function distinctTouches(touches: readonly Touch[]): readonly Touch[] {
  return [...new Map(touches.map((touch) => [`${touch.how} ${touch.type}?${touch.param}`, touch])).values()]
}
