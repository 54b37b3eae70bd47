import { type JsonObject, objectsOf, stringOf } from '#src/json.ts'
import type { Asked, Exchange } from './step.ts'

/**
 * The links of a Bundle, as ours: the question itself, and the next page, sealed with the question it belongs to.
 *
 * Where a page lies is the secret of the server behind us, because it counts what is hidden as well. A link back or to the end
 * would tell of it too, and a client has the pages it came from.
 */
export function bundleLinks(exchange: Exchange, asked: Asked, bundle: JsonObject): readonly JsonObject[] {
  const next = nextLink(exchange, bundle)
  return linksOf(exchange, asked, next === undefined ? undefined : { url: next, skip: 0 })
}

/** Where a page begins: at the server behind us, and after how many matches of its page there. */
export type Place = { readonly url: string; readonly skip: number }

export function linksOf(exchange: Exchange, asked: Asked, next: Place | undefined): readonly JsonObject[] {
  const self = { relation: 'self', url: `${exchange.trust.fhirBase}${asked.url === '' ? '' : '/'}${asked.url}` }
  return next === undefined
    ? [self]
    : [self, { relation: 'next', url: sealedPage(exchange, asked, next.url, next.skip) }]
}

/** True for a link below the base; one to anywhere else is dropped, because our service token would go with it. */
function isBelowBase(url: string, base: string): boolean {
  if (!url.startsWith(base)) return !/^https?:|^\/\//.test(url)
  const rest = url.slice(base.length)
  return rest === '' || rest.startsWith('?') || rest.startsWith('/')
}

/** The link of the server behind us to its next page; one to anywhere else is none, since our service token goes along. */
export function nextLink({ trust }: Pick<Exchange, 'trust'>, bundle: JsonObject): string | undefined {
  const url = stringOf(objectsOf(bundle['link']).find(({ relation }) => relation === 'next')?.['url'])
  return url === undefined || !isBelowBase(url, trust.fhirUpstream) ? undefined : url
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
