import { severalMatches } from '#src/http/refusals.ts'
import { objectsOf, stringOf } from '#src/json.ts'
import { goesOn, requireBundle } from './require-bundle.ts'
import { postedSearch } from './settle-search.ts'
import type { Exchange } from './step.ts'

/** More matches than this are several, whoever looks. */
const LOOKED_AT = 200

/**
 * The criteria of a conditional create as they may go up. A match that policy hides is none to this caller, and neither "it is
 * there already" nor "there are several" may tell of it: it is struck from what is matched. What scopes hide, the criteria are
 * confined to leave out.
 */
export async function visibleCriteria(exchange: Exchange, type: string, criteria: string): Promise<string | undefined> {
  if (!exchange.review.judge.mayHide(type)) return criteria
  const bundle = requireBundle(
    await exchange.upstream(postedSearch(type, `${criteria}&_count=${LOOKED_AT}`)),
    'searchset',
  )
  const found = objectsOf(bundle['entry'])
  const candidates = found.map(({ resource }) => ({ resource, verbs: ['search', 'read'] as const }))
  const visible = (await exchange.review.visibleAmong(candidates, { looking: true })).filter((one) => one !== undefined)
  if (goesOn(bundle) || visible.length > 1) throw severalMatches()
  if (visible.length === found.length) return criteria
  const id = stringOf(visible[0]?.['id'])
  return id === undefined ? undefined : `_id=${id}`
}
