import { evalFhirPathTyped, toTypedValue, type TypedValue } from '@medplum/core'
import type { Resource } from '@medplum/fhirtypes'
import type { Parameter, ParametersOfType } from '../definitions/parameters.ts'
import { datesOf } from './date-values.ts'
import { numbersOf } from './number-values.ts'
import { referencesOf } from './reference-values.ts'
import { stringsOf } from './string-values.ts'
import { tokensOf } from './token-values.ts'

/** Whatever one parameter finds in one resource, by the table it goes to. */
export type IndexEntries = {
  readonly parameter: Parameter
  readonly tokens: readonly { readonly system: string; readonly code: string }[]
  /** `identifier:of-type` and `subject:identifier` are indexed beside their parameter, under its code and the modifier. */
  readonly derivedTokens: readonly { readonly modifier: string; readonly system: string; readonly code: string }[]
  readonly references: readonly string[]
  readonly strings: readonly { readonly folded: string; readonly exact: string }[]
  readonly dates: readonly { readonly low: number; readonly high: number }[]
  readonly numbers: readonly {
    readonly low: number
    readonly high: number
    readonly system: string
    readonly code: string
  }[]
}

const NOTHING = { tokens: [], derivedTokens: [], references: [], strings: [], dates: [], numbers: [] } as const

function entriesOf(parameter: Parameter, values: readonly TypedValue[], base: string): IndexEntries {
  const plain = values.map(({ value }): unknown => value)
  switch (parameter.kind) {
    case 'token':
      return { ...NOTHING, parameter, ...tokensOf(values) }
    case 'reference':
      return { ...NOTHING, parameter, ...referencesOf(plain, base) }
    case 'string':
    case 'uri':
      return { ...NOTHING, parameter, strings: stringsOf(plain) }
    case 'date':
      return { ...NOTHING, parameter, dates: datesOf(plain) }
    case 'number':
    case 'quantity':
      return { ...NOTHING, parameter, numbers: numbersOf(plain) }
  }
}

/** Evaluates every announced parameter of the resource's type. */
export function indexEntries(resource: Resource, parameters: ParametersOfType, base: string): readonly IndexEntries[] {
  const root = [toTypedValue(resource)]
  const found: IndexEntries[] = []
  for (const parameter of parameters.values()) {
    const values = evalFhirPathTyped(parameter.expression, root)
    if (values.length > 0) found.push(entriesOf(parameter, values, base))
  }
  return found
}
