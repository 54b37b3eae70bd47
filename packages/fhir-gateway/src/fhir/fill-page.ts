import { setImmediate } from 'node:timers/promises'
import { type JsonObject, objectsOf } from '#src/json.ts'
import { nextLink, type Place } from './bundle-links.ts'
import { pageAt, wide } from './page-address.ts'
import { requireBundle } from './require-bundle.ts'
import { isMatch, reviewEntries } from './search-review.ts'
import type { SearchPlan } from './search-step.ts'
import type { Exchange } from './step.ts'

/** Matches that are put before policy at once where many are gone through. */
const TOGETHER = 100

/** A page at the server behind us. */
export type Page = {
  /** Its address; the first page of a search is never continued in its middle, so it needs none. */
  readonly url: string | undefined
  readonly bundle: JsonObject
  readonly skip: number
}

type Filled = {
  readonly entries: readonly JsonObject[]
  /** So many of them were on the first page of the server behind us. */
  readonly ofFirst: number
  /** True when some of it is blocked, for somebody who may hear that. */
  readonly blocked: boolean
  /** Where the first visible match after them lies, or where looking for it would go on; `undefined` when this was all. */
  readonly next: Place | undefined
}

/** As many visible matches as were asked for, whatever is hidden between them, and whether another follows. */
export async function fillPage(exchange: Exchange, plan: SearchPlan, first: Page, size: number): Promise<Filled> {
  const entries: JsonObject[] = []
  let ofFirst = 0
  let blocked = false
  const onBanner = (): void => {
    blocked = true
  }
  const ahead = lookAhead(exchange, plan, first)
  const walk = exchange.effort.walk()
  let page = first
  for (let pages = 1; ; pages += 1) {
    const denials = exchange.ledger.denials()
    const found = matchesOf(page)
    let at = 0
    if (pages === 1) {
      at = Math.min(found.length, size)
      entries.push(...seen(await reviewEntries(exchange, plan, found.slice(0, at), { onBanner })))
      ofFirst = entries.length
    }
    while (at < found.length) {
      const wanted = size - entries.length
      // Most often the first match is visible, and then nobody needs a decision on the others yet.
      const some = found.slice(at, at + (wanted > 0 ? Math.max(wanted, TOGETHER) : at === 0 ? 1 : TOGETHER))
      const looked = await reviewEntries(exchange, plan, some, { looking: true, onBanner })
      const visible = some.flatMap((entry, index) => (looked[index] === undefined ? [] : [{ entry, index }]))
      const taken = visible.slice(0, wanted).map(({ entry }) => entry)
      entries.push(...seen(await reviewEntries(exchange, plan, taken)))
      const following = visible[wanted]
      if (following !== undefined && page.url !== undefined) {
        // What was denied is denied and logged each time.
        if (pages === 2 && wanted === 0 && exchange.ledger.denials() === denials) ahead.note()
        return { entries, ofFirst, blocked, next: placeOf(page.url, page.skip + at + following.index, size) }
      }
      at += some.length
    }
    const url = nextLink(exchange, page.bundle)
    if (url === undefined) return { entries, ofFirst, blocked, next: undefined }
    if (pages === 1 && entries.length >= size && ahead.isKnown)
      return { entries, ofFirst, blocked, next: { url, skip: 0 } }
    if (pages > 2 && !walk.mayPass(found.length)) return { entries, ofFirst, blocked, next: { url, skip: 0 } }
    page = await (pages === 1 ? ahead.page(url, size - entries.length) : pageOf(exchange, wide(url)))
  }
}

const seen = (reviewed: readonly (JsonObject | undefined)[]): readonly JsonObject[] =>
  reviewed.filter((entry) => entry !== undefined)

/** What of the page no earlier one has dealt with. */
const matchesOf = ({ bundle, skip }: Page): readonly JsonObject[] =>
  objectsOf(bundle['entry']).filter(isMatch).slice(skip)

/** The same place at the head of a page as short as ours, where the server behind us can be asked for one. */
function placeOf(url: string, skip: number, count: number): Place {
  const exact = pageAt(url, { after: skip, count })
  return exact === undefined ? { url, skip } : { url: exact, skip: 0 }
}

async function pageOf(exchange: Exchange, url: string): Promise<Page> {
  return { url, bundle: requireBundle(await exchange.upstream({ method: 'GET', url }), 'searchset'), skip: 0 }
}

/**
 * The first match after the first page, asked for while that is decided on, unless a moment ago it was visible. More of them are
 * needed only where something of the first page is hidden.
 */
function lookAhead(exchange: Exchange, { patients, size }: SearchPlan, { bundle, skip }: Page) {
  const beyond = nextLink(exchange, bundle)
  const glimpse = exchange.glimpses.of(`follows ${beyond ?? ''}`, patients)
  const ask = (url: string, count: number) => pageOf(exchange, pageAt(url, { after: 0, count }) ?? url)
  // In the next turn: what the first page has to be decided with is waited for sooner.
  const asked =
    beyond === undefined || (glimpse.isKnown && skip === 0) ? undefined : setImmediate().then(() => ask(beyond, 1))
  asked?.catch(() => undefined) // heard by whoever waits for it, and there may be nobody
  return {
    isKnown: glimpse.isKnown,
    /** Holds the one match that is looked for, or a whole page where so many are wanted yet; a link that cannot be changed leads to that anyway. */
    page(url: string, wanted: number): Promise<Page> {
      const isEnough = wanted <= 0 || pageAt(url, { after: 0, count: 1 }) === undefined
      return isEnough ? (asked ?? ask(url, 1)) : ask(url, size)
    },
    note: glimpse.note,
  }
}
