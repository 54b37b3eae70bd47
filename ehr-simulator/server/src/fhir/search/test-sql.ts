import type { Argument } from '../store/sqlite-file.ts'
import type { Test } from './search-plan.ts'

/** A piece of SQL over `resource r`, and its values in order. Values never become text of the statement. */
export type Piece = { readonly sql: string; readonly values: readonly Argument[] }

export const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ')

/** The last code point there is: everything that starts with `text` lies between `text` and `text` + this. */
export const LAST = '\u{10ffff}'

/**
 * R4 search.html#prefix, on half-open ranges: `eq` means the searched range holds the whole of what is recorded, the
 * ordering prefixes look at the part of the recorded range outside the searched one, `ap` at any overlap.
 */
export function dateCondition(test: Extract<Test, { kind: 'date' }>, now: number): Piece {
  const { low, high } = test
  switch (test.prefix) {
    case 'eq':
      return { sql: 'x.low >= ? and x.low < ? and x.high <= ?', values: [low, high, high] }
    case 'ne':
      return { sql: '(x.low < ? or x.high > ?)', values: [low, high] }
    case 'gt':
      return { sql: 'x.high > ?', values: [high] }
    case 'lt':
      return { sql: 'x.low < ?', values: [low] }
    case 'ge':
      return { sql: '(x.high > ? or x.low >= ?)', values: [high, low] }
    case 'le':
      return { sql: '(x.low < ? or x.high <= ?)', values: [low, high] }
    case 'sa':
      return { sql: 'x.low >= ?', values: [high] }
    case 'eb':
      return { sql: 'x.high <= ?', values: [low] }
    case 'ap': {
      const margin = Math.round(Math.abs(now - low) * 0.1) // R4: ten per cent of the distance to now
      return { sql: 'x.low < ? and x.high > ?', values: [high + margin, low - margin] }
    }
  }
}

function numberCondition(test: Extract<Test, { kind: 'number' }>): Piece {
  const compare = (): Piece => {
    switch (test.prefix) {
      case 'eq':
      case 'ap':
        return { sql: 'x.low >= ? and x.high < ?', values: [test.low, test.high] }
      case 'ne':
        return { sql: '(x.low < ? or x.high >= ?)', values: [test.low, test.high] }
      case 'gt':
      case 'sa':
        return { sql: `${test.prefix === 'gt' ? 'x.high' : 'x.low'} > ?`, values: [test.value] }
      case 'lt':
      case 'eb':
        return { sql: `${test.prefix === 'lt' ? 'x.low' : 'x.high'} < ?`, values: [test.value] }
      case 'ge':
        return { sql: 'x.high >= ?', values: [test.value] }
      case 'le':
        return { sql: 'x.low <= ?', values: [test.value] }
    }
  }
  const { sql, values } = compare()
  return {
    sql: `${sql}${test.system === undefined ? '' : ' and x.system = ?'}${test.unit === undefined ? '' : ' and x.code = ?'}`,
    values: [
      ...values,
      ...(test.system === undefined ? [] : [test.system]),
      ...(test.unit === undefined ? [] : [test.unit]),
    ],
  }
}

function tokenCondition({ system, code }: { readonly system?: string; readonly code?: string }): Piece {
  if (code === undefined) return { sql: 'x.system = ?', values: [system ?? ''] }
  return system === undefined
    ? { sql: 'x.code = ?', values: [code] }
    : { sql: 'x.code = ? and x.system = ?', values: [code, system] }
}

function textCondition(test: Extract<Test, { kind: 'text' }>): Piece {
  if (test.match === 'exact') return { sql: 'x.exact = ?', values: [test.text] }
  // instr, not LIKE: `%` and `_` in a value are letters like any other.
  if (test.match === 'contains') return { sql: 'instr(x.folded, ?) > 0', values: [test.text] }
  return { sql: 'x.folded >= ? and x.folded < ?', values: [test.text, test.text + LAST] }
}

export function testCondition(test: Test, now: number): Piece {
  switch (test.kind) {
    case 'token':
    case 'derived-token':
      return tokenCondition(test)
    case 'reference':
      return { sql: `x.target in (${marks(test.targets.length)})`, values: test.targets }
    case 'text':
      return textCondition(test)
    case 'uri':
      return test.match === 'exact'
        ? { sql: 'x.exact = ?', values: [test.uri] }
        : { sql: '(x.exact = ? or substr(x.exact, 1, ?) = ?)', values: [test.uri, test.uri.length + 1, `${test.uri}/`] }
    case 'date':
      return dateCondition(test, now)
    case 'number':
      return numberCondition(test)
  }
}
