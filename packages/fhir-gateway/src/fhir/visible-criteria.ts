import type { Verb } from '@uthopp/smart-core/scope/permission'
import { severalMatches } from '#src/http/refusals.ts'
import { objectsOf, stringOf } from '#src/json.ts'
import { nextLink } from './bundle-links.ts'
import { goesOn } from './require-bundle.ts'
import { foundBundles } from './settle-search.ts'
import type { Exchange } from './step.ts'

/**
 * The criteria of a conditional create as they may go up. A match that policy hides is none to this caller, and neither "it is
 * there already" nor "there are several" may tell of it: it is struck from what is matched. What scopes hide, the criteria are
 * confined to leave out.
 */
export async function visibleCriteria(exchange: Exchange, type: string, criteria: string): Promise<string | undefined> {
  if (!exchange.review.judge.mayHide(type)) return criteria
  const { ids, isAll } = await idsMatching(exchange, type, criteria, ['search', 'read'])
  if (isAll) return criteria
  const [id] = ids
  return id === undefined ? undefined : `_id=${id}`
}

/**
 * What the criteria match of what the caller may see: nothing or one, whatever is hidden beside it; several are refused.
 * `isAll`: nothing else matched.
 */
export async function idsMatching(
  exchange: Exchange,
  type: string,
  criteria: string,
  verbs: readonly Verb[],
): Promise<{ readonly ids: readonly string[]; readonly isAll: boolean }> {
  const ids: string[] = []
  let isAll = true
  for await (const bundle of foundBundles(exchange, type, [...new URLSearchParams(criteria)])) {
    const candidates = objectsOf(bundle['entry']).map(({ resource }) => ({ resource, verbs }))
    for (const visible of await exchange.review.visibleAmong(candidates, { looking: true })) {
      const id = visible?.resourceType === type ? stringOf(visible['id']) : undefined
      if (id === undefined) isAll = false
      else ids.push(id)
    }
    // What lies where it is not looked for may be anything.
    if (ids.length > 1 || (goesOn(bundle) && nextLink(exchange, bundle) === undefined)) throw severalMatches()
  }
  return { ids, isAll }
}
