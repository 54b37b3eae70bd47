import { clauseSql, driven, type ParameterNumbers, TABLE_OF } from './clause-sql.ts'
import type { Clause, SearchPlan, SortKey } from './search-plan.ts'
import type { Piece } from './test-sql.ts'

/** How few rows a clause is likely to find. The least drives the search through its index; the others test its rows. */
function rank(clause: Clause): number {
  switch (clause.kind) {
    case 'id':
      return 0
    case 'compartment':
      return 2
    case 'has':
    case 'chain':
      return 3
    case 'values': {
      if (clause.negated) return 9
      const { kind, code } = clause.parameter
      if (code === 'identifier') return 1
      return { reference: 2, string: 4, uri: 4, number: 5, quantity: 5, token: 6, date: 7 }[kind]
    }
    case 'last-updated':
      return 8
    case 'missing':
      return 9
  }
}

function condition(plan: SearchPlan, numbers: ParameterNumbers, now: number): Piece {
  const [lead] = plan.clauses.toSorted((a, b) => rank(a) - rank(b))
  const pieces = plan.clauses.map((clause) => clauseSql(clause, numbers, now, clause === lead ? 'set' : 'row'))
  return {
    sql: [driven(lead), ...pieces.map(({ sql }) => sql)].join(' and '),
    values: [plan.type, ...pieces.flatMap(({ values }) => values)],
  }
}

/** Resources without a value come last either way; ties keep the order of arrival, so that pages do not overlap. */
function order({ by, descending }: SortKey, numbers: ParameterNumbers): Piece {
  const direction = descending ? 'desc' : 'asc'
  if (by === '_id') return { sql: `r.id ${direction}`, values: [] }
  if (by === '_lastUpdated') return { sql: `r.updated ${direction}`, values: [] }
  const column = {
    token: 'code',
    reference: 'target',
    string: 'folded',
    uri: 'exact',
    date: 'low',
    number: 'low',
    quantity: 'low',
  }[by.kind]
  const value = `(select ${descending ? 'max' : 'min'}(x.${column}) from ${TABLE_OF[by.kind]} x where x.pk = r.pk and x.parameter = ?)`
  return { sql: `${value} ${direction} nulls last`, values: [numbers.numberOf(by.type, by.code)] }
}

/** One row more than the page, to know whether another page follows. */
export function pageSql(plan: SearchPlan, numbers: ParameterNumbers, now: number): Piece {
  const where = condition(plan, numbers, now)
  const orders = plan.sort.map((key) => order(key, numbers))
  return {
    sql: `select r.pk, r.id, r.json from resource r where ${where.sql} order by ${[...orders.map(({ sql }) => sql), 'r.pk'].join(', ')} limit ? offset ?`,
    values: [...where.values, ...orders.flatMap(({ values }) => values), plan.count + 1, plan.offset],
  }
}

export function totalSql(plan: SearchPlan, numbers: ParameterNumbers, now: number): Piece {
  const where = condition(plan, numbers, now)
  return { sql: `select count(*) as total from resource r where ${where.sql}`, values: where.values }
}
