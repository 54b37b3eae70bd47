import { parseDateRange } from '../index/date-range.ts'
import { normalizeReference } from '../index/reference-values.ts'
import { fold } from '../index/searchable-text.ts'
import { foldCode } from '../index/token-values.ts'
import type { Parameter } from '../definitions/parameters.ts'
import { badRequest, notSupported, tooCostly } from '../outcome.ts'
import { LIMITS } from './limits.ts'
import type { DatePrefix, Test } from './search-plan.ts'

/** Splits at a separator that no backslash escapes (R4 search.html#escaping); the escapes stay. */
function split(text: string, separator: ',' | '|'): readonly string[] {
  const parts: string[] = []
  let part = ''
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (letter === '\\') {
      part += text.slice(at, at + 2)
      at += 1
    } else if (letter === separator) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part]
}

const unescape = (text: string): string => text.replace(/\\([\\,|$])/g, '$1')

/** The alternatives of one parameter value, still escaped. */
export function alternatives(value: string): readonly string[] {
  if (value.length > LIMITS.valueLength) throw tooCostly('a search value is too long')
  const parts = split(value, ',')
  if (parts.length > LIMITS.alternatives)
    throw tooCostly(`a search value has more than ${LIMITS.alternatives} alternatives`)
  if (parts.includes('')) throw badRequest('a search value is empty')
  return parts
}

export const PREFIXES: readonly DatePrefix[] = ['eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb', 'ap']

function withPrefix(value: string): { readonly prefix: DatePrefix; readonly rest: string } {
  const prefix = PREFIXES.find((each) => value.startsWith(each))
  return prefix ? { prefix, rest: value.slice(2) } : { prefix: 'eq', rest: value }
}

export function dateTest(value: string): Extract<Test, { kind: 'date' }> {
  const { prefix, rest } = withPrefix(value)
  // A `+` of a zone that was not percent-encoded arrives as a space.
  const range = parseDateRange(rest.replace(' ', '+'))
  if (!range)
    throw badRequest('a date is not of the form YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm[:ss[.sss]][zone]')
  return { kind: 'date', prefix, ...range }
}

function numberTest(value: string, withUnit: boolean): Test {
  const { prefix, rest } = withPrefix(value)
  const parts = withUnit ? split(rest, '|').map(unescape) : [rest]
  const [digits = '', system, unit] = parts
  if (parts.length === 2 || parts.length > 3) throw badRequest('a quantity is of the form number or number|system|code')
  const shape = /^[+-]?\d{1,18}(?:\.(?<fraction>\d{1,18}))?(?:[eE](?<exponent>[+-]?\d{1,2}))?$/.exec(digits.trim())
  if (!shape) throw badRequest('a number is not a decimal number')
  const number = Number(digits)
  const half = 0.5 * 10 ** (Number(shape.groups?.['exponent'] ?? 0) - (shape.groups?.['fraction']?.length ?? 0))
  const margin = prefix === 'ap' ? Math.max(Math.abs(number) * 0.1, half) : half
  return {
    kind: 'number',
    prefix,
    value: number,
    low: number - margin,
    high: number + margin,
    ...(system ? { system } : {}),
    ...(unit ? { unit } : {}),
  }
}

function tokenTest(value: string): Test {
  const parts = split(value, '|').map(unescape)
  const [first = '', second] = parts
  if (parts.length > 2) throw badRequest('a token is of the form code, system|code, |code or system|')
  if (second === undefined) return { kind: 'token', code: foldCode(first) }
  if (second === '' && first === '') throw badRequest('a token is of the form code, system|code, |code or system|')
  return { kind: 'token', system: first, ...(second === '' ? {} : { code: foldCode(second) }) }
}

function ofTypeTest(value: string): Test {
  const [system, code, identifier, ...rest] = split(value, '|').map(unescape)
  if (!system || !code || !identifier || rest.length > 0) throw badRequest('`:of-type` takes system|code|value')
  return { kind: 'derived-token', modifier: 'of-type', system, code: `${foldCode(code)}|${foldCode(identifier)}` }
}

function referenceTest(
  value: string,
  parameter: Parameter,
  targetType: string | undefined,
  bases: readonly string[],
): Test {
  const reference = normalizeReference(unescape(value), bases)
  if (/^[A-Za-z0-9\-.]{1,64}$/.test(reference)) {
    // A bare id: any type the parameter may point at. A canonical parameter has none, and the value stands for itself.
    const types = targetType === undefined ? parameter.targets : [targetType]
    return { kind: 'reference', targets: [...types.map((type) => `${type}/${reference}`), reference] }
  }
  if (targetType !== undefined && !reference.startsWith(`${targetType}/`))
    throw badRequest(`the reference is not to a ${targetType}`)
  return { kind: 'reference', targets: [reference] }
}

function identifierTest(value: string): Test {
  const token = tokenTest(value)
  if (token.kind !== 'token' || token.code === undefined) throw badRequest('`:identifier` takes system|value')
  return {
    kind: 'derived-token',
    modifier: 'identifier',
    code: token.code,
    ...(token.system === undefined ? {} : { system: token.system }),
  }
}

/** Reads one alternative of a parameter, with its modifier ('' for none). `:missing` and `:not` are the caller's. */
export function parseTest(value: string, parameter: Parameter, modifier: string, bases: readonly string[]): Test {
  const refuse = () => notSupported(`modifier \`:${modifier}\` is not supported on \`${parameter.code}\``)
  switch (parameter.kind) {
    case 'token':
      if (modifier === '') return tokenTest(value)
      if (modifier === 'of-type') return ofTypeTest(value)
      if (modifier === 'text') return { kind: 'text', match: 'starts', text: fold(unescape(value)) }
      throw refuse()
    case 'reference':
      if (modifier === '') return referenceTest(value, parameter, undefined, bases)
      if (modifier === 'identifier') return identifierTest(value)
      if (parameter.targets.includes(modifier)) return referenceTest(value, parameter, modifier, bases)
      throw refuse()
    case 'string':
      if (modifier === '') return { kind: 'text', match: 'starts', text: fold(unescape(value)) }
      if (modifier === 'contains') return { kind: 'text', match: 'contains', text: fold(unescape(value)) }
      if (modifier === 'exact') return { kind: 'text', match: 'exact', text: unescape(value) }
      throw refuse()
    case 'uri':
      if (modifier === '') return { kind: 'uri', match: 'exact', uri: unescape(value) }
      if (modifier === 'below') return { kind: 'uri', match: 'below', uri: unescape(value) }
      throw refuse()
    case 'date':
      if (modifier === '') return dateTest(value)
      throw refuse()
    case 'number':
    case 'quantity':
      if (modifier === '') return numberTest(value, parameter.kind === 'quantity')
      throw refuse()
  }
}
