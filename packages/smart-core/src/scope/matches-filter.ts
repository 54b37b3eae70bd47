import { isRecord, type Resource, valuesAt } from '../fhir/resource.ts'
import { pathsOfFilter } from './enforceable.ts'
import type { Filter } from './filter.ts'
import { type TokenAlternative, tokenAlternatives } from './token-value.ts'

/** True when the resource itself shows that it meets every constraint; what cannot be checked is not met (SAL-142). */
export function meetsFilters(resource: Resource, filters: readonly Filter[]): boolean {
  return filters.every((filter) => meetsFilter(resource, filter))
}

function meetsFilter(resource: Resource, filter: Filter): boolean {
  const paths = pathsOfFilter(resource.resourceType, filter)
  const alternatives = tokenAlternatives(filter[1])
  if (paths === undefined || alternatives === undefined) return false
  return paths.some((path) =>
    valuesAt(resource, path).some((value) =>
      tokensIn(value).some((token) => alternatives.some((alternative) => meets(token, alternative))),
    ),
  )
}

type Token = {
  /** Undefined for plain codes, whose system only the element's value set knows. */ readonly system:
    | string
    | null
    | undefined
  readonly code: string
}

/** The codes of a code, boolean, Coding, CodeableConcept or Identifier (FHIR R4, Search, "token"). */
function tokensIn(value: unknown): readonly Token[] {
  if (typeof value === 'string') return [{ system: undefined, code: value }]
  if (typeof value === 'boolean') return [{ system: undefined, code: String(value) }]
  if (!isRecord(value)) return []
  const codings = value['coding']
  if (Array.isArray(codings)) return codings.flatMap((coding) => coded(coding, 'code'))
  return 'code' in value ? coded(value, 'code') : coded(value, 'value')
}

function coded(value: unknown, member: 'code' | 'value'): readonly Token[] {
  if (!isRecord(value)) return []
  const { [member]: code, system } = value
  if (typeof code !== 'string') return []
  return [{ system: typeof system === 'string' ? system : null, code }]
}

function meets(token: Token, wanted: TokenAlternative): boolean {
  const codeFits = wanted.code === '' || wanted.code === token.code
  if (wanted.system === null) return codeFits
  if (token.system === undefined) return false
  return codeFits && (token.system ?? '') === wanted.system
}
