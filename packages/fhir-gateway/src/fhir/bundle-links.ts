import { parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { isProblem } from '@uthopp/smart-core/problem'
import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'
import type { Asked, Exchange } from './step.ts'

/** `last` is left out: how many pages there are tells how much was hidden. */
const PAGING = new Set(['first', 'previous', 'prev', 'next'])

/**
 * The links of a Bundle, as ours.
 *
 * A link that reads as an ordinary search of the same type becomes the same search here: whoever follows it is decided like
 * anybody else. Every other paging link is the secret of the server behind us and is sealed with the question it belongs to.
 */
export function bundleLinks(exchange: Exchange, asked: Asked, bundle: JsonObject): readonly JsonObject[] {
  const self = { relation: 'self', url: `${exchange.trust.fhirBase}${asked.url === '' ? '' : '/'}${asked.url}` }
  const paging = objectsOf(bundle['link']).flatMap((link): readonly JsonObject[] => {
    const relation = stringOf(link['relation'])
    const url = stringOf(link['url'])
    if (relation === undefined || url === undefined || !PAGING.has(relation)) return []
    const ours = pageLink(exchange, asked, url)
    return ours === undefined ? [] : [{ relation, url: ours }]
  })
  return [self, ...paging]
}

function pageLink(exchange: Exchange, asked: Asked, url: string): string | undefined {
  const below = belowBase(url, exchange.trust.fhirUpstream)
  if (below === undefined) return undefined
  return ordinarySearch(exchange, asked, below) ?? sealedPage(exchange, asked, url)
}

/** What follows the base; a link to anywhere else is dropped, because our service token would go with it. */
function belowBase(url: string, base: string): string | undefined {
  if (!url.startsWith(base)) return /^https?:|^\/\//.test(url) ? undefined : url.replace(/^\//, '')
  const rest = url.slice(base.length)
  if (rest === '' || rest.startsWith('?')) return rest
  return rest.startsWith('/') ? rest.slice(1) : undefined
}

/** Parameters that were kept from the server behind us and must be asked for again on the next page. */
const OURS = new Set(['_elements', '_summary'])

function ordinarySearch(exchange: Exchange, asked: Asked, below: string): string | undefined {
  const { interaction } = asked
  if (interaction.kind !== 'search-type') return undefined
  const [path = '', query = ''] = below.split('?', 2)
  const next = parseFhirInteraction({ method: 'GET', path, query })
  if (isProblem(next) || next.kind !== 'search-type' || next.type !== interaction.type) return undefined
  const kept = interaction.search.params
    .filter(({ raw }) => OURS.has(raw))
    .map(({ raw, value }): [string, string] => [raw, value])
  const added = kept.length > 0 ? `&${new URLSearchParams(kept).toString()}` : ''
  return `${exchange.trust.fhirBase}/${exchange.trust.toOurs(below)}${added}`
}

/** True when the server behind us says that there is more, wherever it says that more is. */
export const goesOn = (bundle: JsonObject): boolean =>
  objectsOf(bundle['link']).some(({ relation }) => relation === 'next')

/** The link of the server behind us to its next page; one to anywhere else is none, since our service token goes along. */
export function nextLink({ trust }: Pick<Exchange, 'trust'>, bundle: JsonObject): string | undefined {
  const url = stringOf(objectsOf(bundle['link']).find(({ relation }) => relation === 'next')?.['url'])
  return url === undefined || belowBase(url, trust.fhirUpstream) === undefined ? undefined : url
}

/** `skip`: so many matches of that page were shown, or hidden, before. */
export function sealedPage(exchange: Exchange, asked: Asked, url: string, skip = 0): string {
  const sealed = exchange.seal.seal({ upstreamUrl: url, search: asked.url, holder: holderOf(exchange), skip })
  return `${exchange.trust.fhirBase}?${PAGE_PARAMETER}=${sealed}`
}

export const PAGE_PARAMETER = '_uthopp-page'

/** Whoever holds a sealed link: another app, user or patient cannot follow it. */
export function holderOf({ review, trust }: Pick<Exchange, 'review' | 'trust'>): string {
  const { clientId, subject, patient } = review.access
  return JSON.stringify([trust.orgnr, clientId, subject, patient ?? null])
}
