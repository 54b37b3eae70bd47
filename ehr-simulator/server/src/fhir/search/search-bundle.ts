import type { WithId } from '@medplum/core'
import type { Bundle, BundleEntry, BundleLink, OperationOutcome, Resource } from '@medplum/fhirtypes'
import type { Hit } from './inclusions.ts'
import { LIMITS } from './limits.ts'
import type { SearchPage } from './run-search.ts'
import type { QueryPair, SearchPlan } from './search-plan.ts'
import { trimResource } from './trim-resource.ts'

type Place = { readonly base: string; readonly path: string; readonly pairs: readonly QueryPair[] }

function link(relation: string, { base, path, pairs }: Place, offset: number): BundleLink {
  const query = new URLSearchParams(
    pairs.filter(([name]) => name !== '_offset').map(([name, value]): [string, string] => [name, value]),
  )
  if (offset > 0) query.append('_offset', String(offset))
  const text = query.toString()
  return { relation, url: `${base}/${path}${text === '' ? '' : `?${text}`}` }
}

/** Whoever reads a chart must know that something is missing from it (FHIR R4, Search, "Outcomes"). */
const CUT: OperationOutcome = {
  resourceType: 'OperationOutcome',
  id: 'included-resources-cut',
  issue: [
    {
      severity: 'warning',
      code: 'too-costly',
      details: {
        text: `only the first ${LIMITS.includedResources} included resources are here; ask for fewer matches`,
      },
    },
  ],
}

/** A searchset Bundle with absolute links. `total` is there only when it was asked for: counting is not free. */
export function searchBundle<T extends Resource>(plan: SearchPlan, page: SearchPage, place: Place): Bundle<WithId<T>> {
  const entry =
    (mode: 'match' | 'include') =>
    (hit: Hit): BundleEntry<WithId<T>> => ({
      fullUrl: `${place.base}/${hit.type}/${hit.id}`,
      resource: trimResource(plan, JSON.parse(hit.json) as Resource) as WithId<T>, // what the store wrote for this type; trimming keeps the id
      search: { mode },
    })
  const links = [link('self', place, plan.offset)]
  if (page.more) links.push(link('next', place, plan.offset + plan.count))
  if (plan.offset > 0) links.push(link('previous', place, Math.max(0, plan.offset - plan.count)))
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    ...(page.total === undefined ? {} : { total: page.total }),
    link: links,
    ...(plan.countOnly
      ? {}
      : {
          entry: [
            ...page.matches.map(entry('match')),
            ...page.included.hits.map(entry('include')),
            // As with included resources, the interface knows only the type searched for.
            ...(page.included.cut
              ? [{ resource: CUT as Resource as WithId<T>, search: { mode: 'outcome' as const } }]
              : []),
          ],
        }),
  }
}
