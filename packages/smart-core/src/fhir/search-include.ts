import { type Problem, problem } from '../problem.ts'
import { type ResourceType, isResourceType } from './resource-types.ts'
import { findSearchParameter, targetTypes } from './search-parameters.ts'
import type { SearchParam, SearchQuery, Touch } from './search-query.ts'

type Include = Pick<SearchParam, 'kind' | 'modifier' | 'touches'>

/**
 * Reads `_include=Type:reference[:Target]`, its reverse and the `*` forms, with or without `:iterate`.
 *
 * FHIR R4, Search, "Including other resources in result". `:recurse` is the older word some clients still send.
 */
export function parseInclude(
  types: SearchQuery['types'],
  name: '_include' | '_revinclude',
  raw: string,
  value: string,
): Include | Problem {
  const modifier = raw === name ? null : raw.slice(name.length)
  if (modifier !== null && modifier !== ':iterate' && modifier !== ':recurse') return problem(raw, 'unknown modifier')
  const touches = name === '_include' ? includeTouches(value) : revincludeTouches(types, modifier, value)
  if (touches === undefined) return problem(`${raw}=${value}`, 'expected Type:reference or Type:reference:Target')
  return { kind: name === '_include' ? 'include' : 'revinclude', modifier: modifier?.slice(1) ?? null, touches }
}

type Parts = { readonly source: ResourceType; readonly link: string; readonly target: ResourceType | '*' }

function includeTouches(value: string): readonly Touch[] | undefined {
  if (value === '*') return [{ type: '*', param: '*', how: 'return' }]
  const parts = partsOf(value)
  if (parts === undefined) return undefined
  const targets = parts.target === '*' ? possibleTargets(parts) : [parts.target]
  return [
    { type: parts.source, param: parts.link, how: 'filter' },
    ...targets.map((type): Touch => ({ type, param: '*', how: 'return' })),
  ]
}

/** What comes back is the source; a target that is not among the types searched is a mistake unless it iterates. */
function revincludeTouches(
  types: SearchQuery['types'],
  modifier: string | null,
  value: string,
): readonly Touch[] | undefined {
  if (value === '*') return [{ type: '*', param: '*', how: 'return' }]
  const parts = partsOf(value)
  if (parts === undefined) return undefined
  const fits = parts.target === '*' || types.includes('*') || types.includes(parts.target)
  if (!fits && modifier === null) return undefined
  return [
    { type: parts.source, param: parts.link, how: 'filter' },
    { type: parts.source, param: '*', how: 'return' },
  ]
}

function partsOf(value: string): Parts | undefined {
  const [source = '', link = '', target = '*', ...more] = value.split(':')
  if (more.length > 0 || !isResourceType(source)) return undefined
  if (target !== '*' && !isResourceType(target)) return undefined
  if (link === '*') return { source, link, target }
  const parameter = findSearchParameter(source, link)
  if (parameter?.type !== 'reference') return undefined
  if (target !== '*' && !parameter.targets.includes('*') && !parameter.targets.includes(target)) return undefined
  return { source, link, target }
}

function possibleTargets({ source, link }: Parts): readonly (ResourceType | '*')[] {
  const parameter = link === '*' ? undefined : findSearchParameter(source, link)
  return (parameter === undefined ? undefined : targetTypes(parameter)) ?? ['*']
}
