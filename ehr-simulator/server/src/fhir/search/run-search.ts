import type { SqliteFile } from '../store/sqlite-file.ts'
import type { ParameterNumbers } from './clause-sql.ts'
import { type Hit, type Included, includedHits, toHit } from './inclusions.ts'
import type { SearchPlan } from './search-plan.ts'
import { pageSql, totalSql } from './search-sql.ts'

/** One page of a search. */
export type SearchPage = {
  readonly matches: readonly Hit[]
  readonly included: Included
  readonly more: boolean
  readonly total: number | undefined
}

const NOTHING: Included = { hits: [], cut: false }

export function runSearch(file: SqliteFile, numbers: ParameterNumbers, plan: SearchPlan, now: number): SearchPage {
  const count = () => {
    const { sql, values } = totalSql(plan, numbers, now)
    return Number(file.first(sql, ...values)?.['total'] ?? 0)
  }
  if (plan.countOnly) return { matches: [], included: NOTHING, more: false, total: count() }
  const { sql, values } = pageSql(plan, numbers, now)
  const rows = file.all(sql, ...values)
  const matches = rows.slice(0, plan.count).map((row) => toHit({ ...row, type: plan.type }))
  const included =
    plan.includes.length + plan.reverseIncludes.length > 0 ? includedHits(file, numbers, plan, matches) : NOTHING
  return { matches, included, more: rows.length > plan.count, total: plan.total ? count() : undefined }
}
