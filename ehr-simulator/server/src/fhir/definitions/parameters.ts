import { type FhirPathAtom, getSearchParameterDetails } from '@medplum/core'
import type { SearchParameter } from '@medplum/fhirtypes'
import { ANNOUNCED, COMMON_PARAMETERS } from './announced.ts'
import { loadDefinitions } from './load-definitions.ts'

const KINDS = ['token', 'reference', 'string', 'uri', 'date', 'number', 'quantity'] as const
export type ParameterKind = (typeof KINDS)[number]

/** One search parameter of one resource type, ready to be evaluated. */
export type Parameter = {
  readonly type: string
  readonly code: string
  readonly kind: ParameterKind
  /** Types a reference may point at, among those this store keeps. */
  readonly targets: readonly string[]
  /** The branch for this type only: the published expression is a union over all types and 20 times slower. */
  readonly expression: FhirPathAtom
  /** Canonical address of the defining SearchParameter, for the CapabilityStatement. */
  readonly definition: string
}

export type ParametersOfType = ReadonlyMap<string, Parameter>

const isKind = (type: string): type is ParameterKind => (KINDS as readonly string[]).includes(type)

function parameterOf(type: string, definition: SearchParameter): Parameter | undefined {
  if (!isKind(definition.type)) return undefined
  return {
    type,
    code: definition.code,
    kind: definition.type,
    targets: (definition.target ?? []).filter((target) => ANNOUNCED.has(target)),
    expression: getSearchParameterDetails(type, definition).parsedExpression,
    definition: definition.url,
  }
}

/** The common parameters are published as `Resource.meta…`; evaluated on a `Patient` they are `Patient.meta…`. */
function forType(type: string, definition: SearchParameter): SearchParameter {
  if (!definition.code.startsWith('_')) return definition
  const { expression } = definition
  return expression === undefined
    ? definition
    : { ...definition, expression: expression.replace(/^Resource\./, `${type}.`) }
}

let built: ReadonlyMap<string, ParametersOfType> | undefined

/** Every announced parameter of every announced type. */
export function allParameters(): ReadonlyMap<string, ParametersOfType> {
  if (built) return built
  const { searchParameters } = loadDefinitions()
  const byType = new Map<string, Map<string, Parameter>>([...ANNOUNCED.keys()].map((type) => [type, new Map()]))
  const common: readonly string[] = COMMON_PARAMETERS
  for (const [type, codes] of ANNOUNCED) {
    if (type === 'Binary') continue // R4 binary.html: Binary takes no search parameters
    const wanted = new Set([...codes, ...common])
    for (const definition of searchParameters) {
      const applies = definition.base.some((base) => base === type) || common.includes(definition.code)
      if (!applies || !wanted.has(definition.code)) continue
      const parameter = parameterOf(type, forType(type, definition))
      if (parameter) byType.get(type)?.set(parameter.code, parameter)
    }
  }
  built = byType
  return built
}
