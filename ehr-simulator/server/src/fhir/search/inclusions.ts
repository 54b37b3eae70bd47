import type { Row, SqliteFile } from '../store/sqlite-file.ts'
import type { ParameterNumbers } from './clause-sql.ts'
import { LIMITS } from './limits.ts'
import type { Inclusion, SearchPlan } from './search-plan.ts'

/** A resource found by a search, not parsed yet. */
export type Hit = { readonly pk: number; readonly type: string; readonly id: string; readonly json: string }

export const toHit = (row: Row): Hit => ({
  pk: Number(row['pk']),
  type: String(row['type']),
  id: String(row['id']),
  json: String(row['json']),
})

const COLUMNS = 'r.pk, r.type, r.id, r.json'

/** What the resources point at through one parameter. One JSON array carries any number of row ids in a single value. */
function forward(
  file: SqliteFile,
  numbers: ParameterNumbers,
  { parameter, targetType }: Inclusion,
  from: readonly Hit[],
): readonly Row[] {
  const pks = JSON.stringify(from.filter((hit) => hit.type === parameter.type).map((hit) => hit.pk))
  return file.all(
    `select distinct ${COLUMNS} from json_each(?) source
       join index_reference x on x.pk = source.value and x.parameter = ?
       join resource r on r.type = substr(x.target, 1, instr(x.target, '/') - 1) and r.id = substr(x.target, instr(x.target, '/') + 1)
     where r.deleted = 0 and (? = '' or r.type = ?) order by r.pk limit ?`,
    pks,
    numbers.numberOf(parameter.type, parameter.code),
    targetType ?? '',
    targetType ?? '',
    LIMITS.includedResources + 1,
  )
}

/** What points at the resources through one parameter. */
function backward(
  file: SqliteFile,
  numbers: ParameterNumbers,
  { parameter, targetType }: Inclusion,
  from: readonly Hit[],
): readonly Row[] {
  const targets = from
    .filter((hit) => targetType === undefined || hit.type === targetType)
    .map((hit) => `${hit.type}/${hit.id}`)
  return file.all(
    `select distinct ${COLUMNS} from json_each(?) target
       join index_reference x on x.parameter = ? and x.target = target.value
       join resource r on r.pk = x.pk
     where r.deleted = 0 order by r.pk limit ?`,
    JSON.stringify(targets),
    numbers.numberOf(parameter.type, parameter.code),
    LIMITS.includedResources + 1,
  )
}

/** What comes along with a page; `cut` when more belongs to it than a page carries. */
export type Included = { readonly hits: readonly Hit[]; readonly cut: boolean }

/** Everything `_include` and `_revinclude` add to a page; each resource once, none that is already a match. */
export function includedHits(
  file: SqliteFile,
  numbers: ParameterNumbers,
  plan: SearchPlan,
  matches: readonly Hit[],
): Included {
  const seen = new Set(matches.map((hit) => hit.pk))
  const included: Hit[] = []
  let from = matches
  for (let round = 0; from.length > 0 && round < LIMITS.inclusionRounds; round += 1) {
    const applies = (inclusion: Inclusion) => round === 0 || inclusion.iterate
    const base = from
    const rows = [
      ...plan.includes.filter(applies).flatMap((inclusion) => forward(file, numbers, inclusion, base)),
      ...plan.reverseIncludes.filter(applies).flatMap((inclusion) => backward(file, numbers, inclusion, base)),
    ]
    const next: Hit[] = []
    for (const hit of rows.map(toHit)) {
      if (seen.has(hit.pk)) continue
      seen.add(hit.pk)
      next.push(hit)
    }
    included.push(...next)
    if (included.length > LIMITS.includedResources)
      return { hits: included.slice(0, LIMITS.includedResources), cut: true }
    from = next
  }
  return { hits: included, cut: false }
}
