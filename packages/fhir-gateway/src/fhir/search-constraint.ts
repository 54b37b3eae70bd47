import type { QueryParam } from '@uthopp/smart-core/fhir/query'
import { searchParamFor } from '@uthopp/smart-core/fhir/patient-compartment'
import type { SearchQuery } from '@uthopp/smart-core/fhir/search-query'
import { forbidden } from '#src/http/refusals.ts'
import type { Allowances } from './require-scope.ts'
import { isSharedType } from './search-limits.ts'

/** How a search is narrowed before it is asked. */
export type Constraint = {
  /** Parameters to add. */
  readonly added: readonly QueryParam[]
  /**
   * True when the narrowed question matches exactly what the caller may see, so that even its count and its pages tell
   * nothing. Otherwise the alternatives have to be asked one by one first (`settle-search.ts`).
   */
  readonly exact: boolean
  /** What each allowance adds on its own. */
  readonly alternatives: readonly (readonly QueryParam[])[]
}

/** Turns the caller's allowances into search parameters: the patient first, then what granular scopes have in common. */
export function constraintOf(type: string, allowances: Allowances, search: SearchQuery): Constraint {
  const patients = new Set(allowances.map((allowance) => allowance.withinPatient))
  const [patient] = patients
  const everyoneIsConfined = patients.size === 1 && typeof patient === 'string'
  const own = everyoneIsConfined ? [[requireOwner(type), patient] as const] : []
  const filters = commonFilter(allowances)
  const mixed = patients.size > 1
  const whole = allowances.some((allowance) => allowance.withinPatient === null && allowance.filters.length === 0)
  const asked = new Set(search.params.map(({ raw, value }) => `${raw}=${value}`))
  const fresh = (params: readonly QueryParam[]) => params.filter(([name, value]) => !asked.has(`${name}=${value}`))
  return {
    added: whole ? [] : fresh([...own, ...(filters ?? [])]),
    exact: whole || (!mixed && filters !== undefined && !(everyoneIsConfined && isSharedType(type))),
    alternatives: allowances.map((allowance) =>
      fresh([
        ...(allowance.withinPatient === null ? [] : [[requireOwner(type), allowance.withinPatient] as const]),
        ...allowance.filters,
      ]),
    ),
  }
}

function requireOwner(type: string): string {
  const name = searchParamFor(type)
  if (name === undefined) throw forbidden('a search of this type cannot be confined to a patient')
  return name
}

/**
 * The filters as one set of parameters; `undefined` when they cannot be said in one search.
 *
 * Several scopes are alternatives (SAL-141): one parameter with its values joined by commas says so, anything more does not.
 */
function commonFilter(allowances: Allowances): readonly QueryParam[] | undefined {
  if (allowances.some((allowance) => allowance.filters.length === 0)) return []
  const [first, ...others] = allowances
  if (others.length === 0) return first.filters
  const singles = allowances.flatMap((allowance) => (allowance.filters.length === 1 ? allowance.filters : []))
  const names = new Set(singles.map(([name]) => name))
  const [name] = names
  if (singles.length !== allowances.length || names.size !== 1 || name === undefined || /[:.]/.test(name))
    return undefined
  return [[name, [...new Set(singles.map(([, value]) => value))].join(',')]]
}
