import { type Problem, isProblem, problem } from '../problem.ts'
import { type ResourceType, isResourceType } from './resource-types.ts'
import { type SearchParameter, findSearchParameter, targetTypes } from './search-parameters.ts'
import type { SearchParam, SearchQuery, Touch } from './search-query.ts'

type Filter = Pick<SearchParam, 'kind' | 'name' | 'modifier' | 'chained' | 'touches' | 'compares'>
/** The steps of a chain, and the last of them, where the value is compared. */
type Steps = Pick<Filter, 'touches' | 'compares' | 'modifier'>

/** Modifiers of FHIR R4, Search, "Modifiers"; a type name is one too, for references. */
const MODIFIERS: ReadonlySet<string> = new Set([
  'above',
  'below',
  'contains',
  'exact',
  'identifier',
  'in',
  'missing',
  'not',
  'not-in',
  'of-type',
  'ofType',
  'text',
])

const DEEPEST_CHAIN = 4

/** Reads a parameter's name: `code`, `code:in`, `subject:Patient.name`, `_has:Observation:patient:code`, `_list`. */
export function parseFilterName(types: SearchQuery['types'], raw: string, value: string): Filter | Problem {
  if (raw === '_list') return listFilter(value)
  const has = raw.startsWith('_has:')
  const steps = has ? hasSteps(types, raw, 0) : chainSteps(types, raw, 0)
  if (isProblem(steps)) return steps
  if (has) return { ...steps, kind: 'has', name: '_has', chained: true }
  return { ...steps, kind: 'filter', name: raw.split(/[:.]/, 1)[0] ?? raw, chained: raw.includes('.') }
}

/** `_list=42` matches what a List names; the functional lists (`$current-…`) are computed by the server. */
function listFilter(value: string): Filter | Problem {
  if (value.startsWith('$')) return problem(value, 'functional lists cannot be decided on')
  const list = [touch(LIST, '_id'), touch(LIST, 'item')]
  return { kind: 'filter', name: '_list', modifier: null, chained: true, touches: list, compares: list.slice(0, 1) }
}

/** `param[:modifier]` or `param[:Type].rest`; every step on the way is touched. */
function chainSteps(types: SearchQuery['types'], raw: string, depth: number): Steps | Problem {
  if (depth >= DEEPEST_CHAIN) return problem(raw, 'the chain is too long')
  const dot = raw.indexOf('.')
  const link = dot < 0 ? raw : raw.slice(0, dot)
  const [name = '', modifier, ...more] = link.split(':')
  if (more.length > 0) return problem(raw, 'one modifier a parameter')
  const parameters = definitions(types, name)
  if (isProblem(parameters)) return parameters
  if (modifier !== undefined && !fitsModifier(modifier, parameters))
    return problem(raw, `unknown modifier \`${modifier}\``)
  const here = types.map((type) => touch(type, name))
  if (dot < 0) return { touches: here, compares: here, modifier: modifier ?? null }
  const next = chainTargets(parameters, modifier)
  if (isProblem(next)) return problem(raw, next.reason)
  return after(here, next, raw.slice(dot + 1), depth)
}

function after(here: readonly Touch[], next: SearchQuery['types'], rest: string, depth: number): Steps | Problem {
  const further = rest.startsWith('_has:') ? hasSteps(next, rest, depth + 1) : chainSteps(next, rest, depth + 1)
  return isProblem(further) ? further : { ...further, touches: [...here, ...further.touches] }
}

function definitions(types: SearchQuery['types'], name: string): readonly SearchParameter[] | Problem {
  const found: SearchParameter[] = []
  for (const type of types) {
    const parameter = findSearchParameter(type, name)
    if (parameter === undefined)
      return problem(name, `no such search parameter on ${type === '*' ? 'all types' : type}`)
    found.push(parameter)
  }
  return found
}

function fitsModifier(modifier: string, parameters: readonly SearchParameter[]): boolean {
  if (MODIFIERS.has(modifier)) return true
  return isResourceType(modifier) && parameters.every((p) => p.targets.includes(modifier) || p.targets.includes('*'))
}

/** Without a type the chain walks every type the reference may point at. */
function chainTargets(
  parameters: readonly SearchParameter[],
  modifier: string | undefined,
): SearchQuery['types'] | Problem {
  if (modifier !== undefined)
    return isResourceType(modifier) ? [modifier] : problem(modifier, 'a chain goes on through a type, not a modifier')
  const targets = parameters.map((parameter) => (parameter.type === 'reference' ? targetTypes(parameter) : []))
  if (targets.some((list) => list === undefined || list.length === 0))
    return problem('', 'the chain must name the type it goes through')
  return [...new Set(targets.flatMap((list) => list ?? []))]
}

/** `_has:Type:reference:rest`, where rest may be another `_has` (FHIR R4, Search, "Reverse Chaining"). */
function hasSteps(types: SearchQuery['types'], raw: string, depth: number): Steps | Problem {
  if (depth >= DEEPEST_CHAIN) return problem(raw, 'the chain is too long')
  const [, type = '', link = '', ...more] = raw.split(':')
  const rest = more.join(':')
  if (!isResourceType(type) || link === '' || rest === '') return problem(raw, 'expected _has:Type:reference:parameter')
  const parameter = findSearchParameter(type, link)
  if (parameter?.type !== 'reference') return problem(raw, `\`${link}\` is not a reference of ${type}`)
  const pointsBack = types.every((t) => t === '*' || parameter.targets.includes('*') || parameter.targets.includes(t))
  if (!pointsBack) return problem(raw, `\`${link}\` never points at the type searched`)
  return after([touch(type, link)], [type], rest, depth)
}

const LIST = 'List' as ResourceType // an R4 type

function touch(type: ResourceType | '*', param: string): Touch {
  return { type, param, how: 'filter' }
}
