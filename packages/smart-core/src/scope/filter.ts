import { type Problem, problem } from '../problem.ts'
import { alternativeImplies, tokenAlternatives } from './token-value.ts'

/** One constraint of a granular scope: a search parameter with its modifier or chain, and its decoded value. */
export type Filter = readonly [param: string, value: string]

const PARAM = /^_?[A-Za-z][A-Za-z0-9-]*(?::[A-Za-z-]+)?(?:\.[A-Za-z0-9_:.-]+)?$/

/** Reads `a=b&c=d`. A piece without name or value says nothing a server could enforce, so it is a problem. */
export function parseFilters(query: string): readonly Filter[] | Problem {
  if (query === '') return []
  const filters: Filter[] = []
  for (const piece of query.split('&')) {
    const equals = piece.indexOf('=')
    const param = percentDecoded(piece.slice(0, Math.max(equals, 0)))
    const value = percentDecoded(piece.slice(equals + 1))
    if (equals < 1 || value === '') return problem(query, 'each constraint is param=value')
    if (param === undefined || value === undefined) return problem(query, 'broken percent-encoding')
    if (!PARAM.test(param)) return problem(query, `\`${param}\` is not a search parameter`)
    filters.push([param, value])
  }
  return filters
}

/** `+` stays itself: a scope is not a form (RFC 6749 §3.3). */
function percentDecoded(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** True when data that meets `narrow` always meets `wide`; with a modifier or chain only the same words do. */
export function filterImplies(narrow: Filter, wide: Filter): boolean {
  if (narrow[0] !== wide[0]) return false
  if (narrow[1] === wide[1]) return true
  if (/[:.]/.test(narrow[0])) return false
  const ours = tokenAlternatives(narrow[1])
  const theirs = tokenAlternatives(wide[1])
  if (ours === undefined || theirs === undefined) return false
  return ours.every((a) => theirs.some((b) => alternativeImplies(a, b)))
}

/** True when data that meets all of `narrow` always meets all of `wide`. No condition is met by everything. */
export function filtersImply(narrow: readonly Filter[], wide: readonly Filter[]): boolean {
  return wide.every((condition) => narrow.some((held) => filterImplies(held, condition)))
}
