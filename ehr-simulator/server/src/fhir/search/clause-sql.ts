import type { ParameterKind } from '../definitions/parameters.ts'
import type { Clause } from './search-plan.ts'
import { dateCondition, LAST, marks, type Piece, testCondition } from './test-sql.ts'

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
