import { ANNOUNCED } from '../definitions/announced.ts'
import type { Parameter } from '../definitions/parameters.ts'
import { badRequest, notSupported, tooCostly } from '../outcome.ts'
import { LIMITS } from './limits.ts'
import { parseClause, requireParameter } from './parse-clause.ts'
import type { Clause, Inclusion, QueryPair, SearchPlan, SortKey, Summary } from './search-plan.ts'

function wholeNumber(name: string, value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw badRequest(`\`${name}\` is not a whole number`)
  return Number(value)
}

function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value)
  if (found === undefined) throw badRequest(`\`${name}\` is one of ${allowed.join(', ')}`)
  return found
}

function parseSort(type: string, value: string): readonly SortKey[] {
  return value.split(',').map((item) => {
    const descending = item.startsWith('-')
    const code = descending ? item.slice(1) : item
    return { by: code === '_id' || code === '_lastUpdated' ? code : requireParameter(type, code), descending }
  })
}

function parseInclusion(name: string, value: string): Inclusion {
  const [source = '', code = '', targetType, ...more] = value.split(':')
  if (!ANNOUNCED.has(source) || code === '' || code === '*' || more.length > 0) {
    throw badRequest(`\`${name}\` is of the form Type:parameter or Type:parameter:TargetType`)
  }
  const parameter: Parameter = requireParameter(source, code)
  if (parameter.kind !== 'reference') throw badRequest(`\`${name}\` names a parameter that is not a reference`)
  if (targetType !== undefined && !parameter.targets.includes(targetType))
    throw badRequest(`\`${name}\` names a type the reference cannot have`)
  return { parameter, iterate: name.endsWith(':iterate'), ...(targetType === undefined ? {} : { targetType }) }
}

function parseElements(value: string): readonly string[] {
  const names = value.split(',')
  if (names.some((name) => !/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)))
    throw notSupported('`_elements` takes names of top-level elements')
  return names
}

/** Accepted and without effect: this server speaks JSON, compact. */
const IGNORED = new Set(['_format', '_pretty'])

/**
 * Understands a search, or refuses it whole (R4 search.html; strict handling for everyone).
 *
 * `bases` are the addresses this store's resources are known under, so that absolute references in values are recognised.
 */
export function parseSearch(
  type: string,
  pairs: readonly QueryPair[],
  bases: readonly string[],
  within: readonly Clause[] = [],
): SearchPlan {
  if (pairs.length > LIMITS.parameters) throw tooCostly(`a search may have at most ${LIMITS.parameters} parameters`)
  const clauses: Clause[] = [...within]
  const includes: Inclusion[] = []
  const reverseIncludes: Inclusion[] = []
  let sort: readonly SortKey[] = []
  let count: number = LIMITS.defaultCount
  let offset = 0
  let total = false
  let countOnly = false
  let elements: readonly string[] | undefined
  let summary: Summary = 'false'
  const seen = new Set<string>()
  const once = (name: string) => {
    if (seen.has(name)) throw badRequest(`\`${name}\` may be given once`)
    seen.add(name)
  }
  for (const [name, value] of pairs) {
    if (IGNORED.has(name)) continue
    if (value === '') throw badRequest('a search parameter has no value')
    switch (name) {
      case '_count':
        once(name)
        count = Math.min(wholeNumber(name, value), LIMITS.greatestCount)
        break
      case '_offset':
        once(name)
        offset = wholeNumber(name, value)
        if (offset > LIMITS.greatestOffset) throw tooCostly('the page is too far into the result')
        break
      case '_sort':
        once(name)
        sort = parseSort(type, value)
        break
      case '_total':
        once(name)
        total = oneOf(name, value, ['none', 'estimate', 'accurate']) !== 'none'
        break
      case '_summary': {
        once(name)
        const wanted = oneOf(name, value, ['count', 'true', 'text', 'data', 'false'])
        if (wanted === 'count') countOnly = true
        else summary = wanted
        break
      }
      case '_elements':
        once(name)
        elements = parseElements(value)
        break
      case '_include':
      case '_include:iterate':
        includes.push(parseInclusion(name, value))
        break
      case '_revinclude':
      case '_revinclude:iterate':
        reverseIncludes.push(parseInclusion(name, value))
        break
      default:
        clauses.push(parseClause(type, name, value, bases))
    }
  }
  if (includes.length + reverseIncludes.length > LIMITS.inclusions) throw tooCostly('too many inclusions')
  // R4 search.html#count: `_count=0` is `_summary=count`.
  return {
    type,
    clauses,
    sort,
    count,
    offset,
    total,
    countOnly: countOnly || count === 0,
    includes,
    reverseIncludes,
    elements,
    summary,
  }
}
