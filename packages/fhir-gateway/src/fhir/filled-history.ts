import { type JsonObject, objectsOf } from '#src/json.ts'
import { bundleLinks, nextLink, sealedPage } from './bundle-links.ts'
import { requireBundle } from './require-bundle.ts'
import type { Asked, Exchange } from './step.ts'

type Shown = (
  found: readonly JsonObject[],
  how: { readonly looking?: boolean },
) => Promise<readonly (JsonObject | undefined)[]>

/**
 * A page of a history some versions of which are hidden: as long as if they were not there, and with a `next` link only where
 * a visible version follows, or where more was gone through than one request may cost.
 */
export async function filledHistory(
  exchange: Exchange,
  asked: Asked,
  first: JsonObject,
  shownOf: Shown,
): Promise<{ readonly entries: readonly JsonObject[]; readonly link: readonly JsonObject[] }> {
  const size = objectsOf(first['entry']).length
  const entries: JsonObject[] = []
  const self = bundleLinks(exchange, asked, {})
  let page: { readonly url: string | undefined; readonly bundle: JsonObject; readonly skip: number } = {
    url: undefined,
    bundle: first,
    skip: asked.skip,
  }
  const walk = exchange.effort.walk()
  for (let pages = 1; ; pages += 1) {
    const looking = pages > 1 && entries.length >= size
    const found = objectsOf(page.bundle['entry']).slice(page.skip)
    const shown = await shownOf(found, { looking })
    for (const [index, entry] of shown.entries()) {
      if (entry === undefined) continue
      if (entries.length < size) entries.push(entry)
      else if (page.url !== undefined)
        return { entries, link: [...self, nextAt(exchange, asked, page.url, page.skip + index)] }
    }
    const url = nextLink(exchange, page.bundle)
    if (url === undefined) return { entries, link: self }
    if (pages > 2 && !walk.mayPass(found.length)) return { entries, link: [...self, nextAt(exchange, asked, url, 0)] }
    page = { url, bundle: requireBundle(await exchange.upstream({ method: 'GET', url }), 'history'), skip: 0 }
  }
}

const nextAt = (exchange: Exchange, asked: Asked, url: string, skip: number): JsonObject => ({
  relation: 'next',
  url: sealedPage(exchange, asked, url, skip),
})
