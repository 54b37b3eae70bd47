import type { ParameterKind } from '../definitions/parameters.ts'
import type { Argument } from '../store/sqlite-file.ts'
import type { Clause, Test } from './search-plan.ts'

/** A piece of SQL over `resource r`, and its values in order. Values never become text of the statement. */
export type Piece = { readonly sql: string; readonly values: readonly Argument[] }

export type ParameterNumbers = { numberOf(type: string, code: string): number }

export const TABLE_OF: Readonly<Record<ParameterKind, string>> = {
  token: 'index_token',
  reference: 'index_reference',
  string: 'index_string',
  uri: 'index_string',
  date: 'index_date',
  number: 'index_number',
  quantity: 'index_number',
}

const marks = (count: number): string => Array.from({ length: count }, () => '?').join(', ')

/** The last code point there is: everything that starts with `text` lies between `text` and `text` + this. */
const LAST = '\u{10ffff}'

/**
 * R4 search.html#prefix, on half-open ranges: `eq` means the searched range holds the whole of what is recorded, the
 * ordering prefixes look at the part of the recorded range outside the searched one, `ap` at any overlap.
 */
function dateCondition(test: Extract<Test, { kind: 'date' }>, now: number): Piece {
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

function testCondition(test: Test, now: number): Piece {
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

/**
 * One parameter's tests as a condition on `r`. As a *set* it finds rows through the index, which is what drives a search;
 * as a *row* test it looks only at rows another clause has found. The parameter number stands in every branch, so that each
 * alternative can use the key.
 */
function valuesSql(
  clause: Extract<Clause, { kind: 'values' }>,
  numbers: ParameterNumbers,
  now: number,
  as: 'set' | 'row',
): Piece {
  const { type, code, kind } = clause.parameter
  const branches = clause.tests.map((test) => {
    const derived = test.kind === 'derived-token'
    const table = derived ? 'index_token' : test.kind === 'text' ? 'index_string' : TABLE_OF[kind]
    const number = numbers.numberOf(type, derived ? `${code}:${test.modifier}` : code)
    const { sql, values } = testCondition(test, now)
    return { table, sql: `(x.parameter = ? and ${sql})`, values: [number, ...values] }
  })
  const table = branches[0]?.table ?? TABLE_OF[kind] // one modifier, so one table
  const values = branches.flatMap((branch) => branch.values)
  const any = branches.map(({ sql }) => sql).join(' or ')
  const not = clause.negated ? 'not ' : ''
  return as === 'set'
    ? { sql: `r.pk ${not}in (select x.pk from ${table} x where ${any})`, values }
    : { sql: `${not}exists (select 1 from ${table} x where x.pk = r.pk and (${any}))`, values }
}

/** Turns one clause into a condition on `r`. */
export function clauseSql(clause: Clause, numbers: ParameterNumbers, now: number, as: 'set' | 'row' = 'set'): Piece {
  switch (clause.kind) {
    case 'id':
      return { sql: `r.id in (${marks(clause.ids.length)})`, values: clause.ids }
    case 'last-updated': {
      // An instant to the millisecond: low and high of the recorded side are the same column.
      const tests = clause.tests.map((test) => dateCondition(test, now))
      const sql = tests
        .map((test) => `(${test.sql.replaceAll('x.low', 'r.updated').replaceAll('x.high', '(r.updated + 1)')})`)
        .join(' or ')
      return { sql: `(${sql})`, values: tests.flatMap((test) => test.values) }
    }
    case 'values':
      return valuesSql(clause, numbers, now, as)
    case 'missing': {
      const { type, code, kind } = clause.parameter
      const table = TABLE_OF[kind]
      return {
        sql: `${clause.missing ? 'not ' : ''}exists (select 1 from ${table} x where x.pk = r.pk and x.parameter = ?)`,
        values: [numbers.numberOf(type, code)],
      }
    }
    case 'chain': {
      const number = numbers.numberOf(clause.parameter.type, clause.parameter.code)
      const branches = clause.branches.map(({ type, clause: inner }) => {
        const { sql, values } = clauseSql(inner, numbers, now)
        return {
          sql: `select r.type || '/' || r.id from resource r where ${driven(inner)} and ${sql}`,
          values: [type, ...values],
        }
      })
      return {
        sql: `r.pk in (select x.pk from index_reference x where x.parameter = ? and x.target in (${branches.map(({ sql }) => sql).join(' union all ')}))`,
        values: [number, ...branches.flatMap(({ values }) => values)],
      }
    }
    case 'has': {
      const { type, code } = clause.parameter
      const { sql, values } = clauseSql(clause.clause, numbers, now)
      const prefix = `${clause.target}/`
      return {
        sql: `r.pk in (select t.pk from index_reference x join resource t on t.type = ? and t.id = substr(x.target, ?)
                where x.parameter = ? and x.target >= ? and x.target < ?
                  and x.pk in (select r.pk from resource r where ${driven(clause.clause)} and ${sql}))`,
        values: [
          clause.target,
          prefix.length + 1,
          numbers.numberOf(type, code),
          prefix,
          prefix + LAST,
          type,
          ...values,
        ],
      }
    }
    case 'compartment': {
      const numbersOfAll = clause.parameters.map(({ type, code }) => numbers.numberOf(type, code))
      return {
        sql: `r.pk in (select x.pk from index_reference x where x.parameter in (${marks(numbersOfAll.length)}) and x.target = ?)`,
        values: [...numbersOfAll, clause.owner],
      }
    }
  }
}

/**
 * How the type is asked for. A `+` hides a column from SQLite's planner: with an indexed condition beside it the planner
 * would otherwise walk the whole type (30 times slower); with none, or with `_id`, the type's own index is the way.
 */
export function driven(clause: Clause | undefined): string {
  const kind = clause?.kind
  const byIndex =
    kind === 'chain' || kind === 'has' || kind === 'compartment' || (clause?.kind === 'values' && !clause.negated)
  return byIndex ? '+r.type = ? and +r.deleted = 0' : 'r.type = ? and r.deleted = 0'
}
