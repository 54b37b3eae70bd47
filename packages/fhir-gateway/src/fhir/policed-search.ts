import { setImmediate } from 'node:timers/promises'
import type { Answer } from '@uthopp/policy/answer'
import type { QueryParam } from '@uthopp/smart-core/fhir/query'
import { type JsonObject, objectsOf } from '#src/json.ts'
import type { FhirAnswer } from './answer.ts'
import { asksForAll, findsBlocked } from './blocked-banner.ts'
import { bundleLinks, nextLink, sealedPage } from './bundle-links.ts'
import { connected, inOrder } from './connected.ts'
import { requireBundle } from './require-bundle.ts'
import { BLOCKED_BANNER, isMatch, reviewEntries, searchset, warnings } from './search-review.ts'
import type { SearchPlan } from './search-step.ts'
import { visibleMatches } from './settle-search.ts'
import type { Asked, Exchange } from './step.ts'
import type { FhirReply } from './upstream-fhir.ts'

/**
 * Pages gone through for one of ours: most often one, and one more to know that something follows. They are as short as the
 * caller likes, so it takes many until what is hidden shows by anything but time.
 */
const MOST_PAGES = 200

type Policed = {
  readonly plan: SearchPlan
  /** What the search asks of the server behind us. */
  readonly question: readonly QueryParam[]
  readonly standing: Answer | undefined
}

/** A page of the server behind us. */
type Page = {
  /** Its address; the first page is never continued in its middle, so it needs none. */
  readonly url: string | undefined
  readonly bundle: JsonObject
  readonly skip: number
}

type Filled = {
  readonly entries: readonly JsonObject[]
  readonly shown: number
  /** True when some match on the way is hidden. */
  readonly heldBack: boolean
  /** True when some of it is blocked, for somebody who may hear that. */
  readonly blocked: boolean
  /** Where the first visible match after them lies. */
  readonly next: { readonly url: string; readonly skip: number; readonly isNextPage: boolean } | undefined
}

/**
 * The answer to a search where policy may hide some of what is found.
 *
 * Neither its count nor its pages tell of what is hidden (CE-44): a page is filled up with what comes after, a `next` link is
 * there only when something visible follows, and a total is that of what is shown, or absent.
 */
export async function policedSearch(
  exchange: Exchange,
  asked: Asked,
  reply: FhirReply,
  policed: Policed,
): Promise<FhirAnswer> {
  const { plan, standing } = policed
  const bundle = requireBundle(reply, 'searchset')
  if (plan.countOnly) return countVisible(exchange, asked, policed)
  const mayTell = !asked.isFurther && asksForAll(plan)
  const looksBeyond = mayTell && !isOnlyPage(bundle)
  const [page, blockedBeyond] = await together(
    fillPage(exchange, plan, { url: undefined, bundle, skip: asked.skip }),
    looksBeyond ? findsBlocked(exchange, plan, policed.question) : Promise.resolve(false),
  )
  const { entries: filled, shown, heldBack, next } = page
  if (shown === 0 && standing !== undefined) throw exchange.review.nothingThere(standing)
  const entries = inOrder(heldBack ? connected(filled, exchange.review.bases) : filled)
  const links = bundleLinks(exchange, asked, bundle)
  const following =
    next === undefined
      ? []
      : next.isNextPage
        ? links.filter(({ relation }) => relation === 'next')
        : [{ relation: 'next', url: sealedPage(exchange, asked, next.url, next.skip) }]
  const banner = looksBeyond ? blockedBeyond : mayTell && page.blocked
  const mayCount = asked.skip === 0 && isOnlyPage(bundle) && typeof bundle['total'] === 'number'
  return searchset([...entries, ...warnings(bundle), ...(banner ? [BLOCKED_BANNER] : [])], {
    ...(mayCount ? { total: shown } : {}),
    link: [...links.filter(({ relation }) => relation === 'self'), ...following],
  })
}

/** Both at once, and neither left alone when the other fails: what it denies belongs into the record of this request. */
async function together<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<readonly [One, Other]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

/** As many visible matches as the page would have had, and where the next one lies. */
async function fillPage(exchange: Exchange, plan: SearchPlan, first: Page): Promise<Filled> {
  const size = objectsOf(first.bundle['entry']).filter(isMatch).length
  const entries: JsonObject[] = []
  let shown = 0
  let heldBack = false
  let blocked = false
  const onBanner = (): void => {
    blocked = true
  }
  const ahead = lookAhead(exchange, plan, first)
  let page: Page = first
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const looking = pages > 0 && shown >= size
    const found = withoutMatches(objectsOf(page.bundle['entry']), page.skip)
    const denials = exchange.ledger.denials()
    const reviewed = looking
      ? await firstVisible(exchange, plan, found)
      : await reviewEntries(exchange, plan, found, { onBanner })
    let position = page.skip
    let next: Filled['next']
    for (const [index, entry] of found.entries()) {
      const visible = reviewed[index]
      if (isMatch(entry) && visible === undefined && !looking) heldBack = true
      if (!isMatch(entry)) {
        if (visible !== undefined && !looking) entries.push(visible)
        continue
      }
      if (visible !== undefined && shown < size) {
        entries.push(visible)
        shown += 1
      } else if (visible !== undefined && page.url !== undefined) {
        next ??= { url: page.url, skip: position, isNextPage: pages === 1 && position === 0 }
      }
      position += 1
    }
    const url = nextLink(exchange, page.bundle)
    // What was denied is denied and logged each time.
    if (looking && next?.isNextPage && exchange.ledger.denials() === denials) ahead.note()
    if (pages === 0 && shown >= size && url !== undefined && ahead.isKnown) next = { url, skip: 0, isNextPage: true }
    if (next !== undefined || url === undefined) return { entries, shown, heldBack, blocked, next }
    const reply = await (pages === 0 ? ahead.reply(url) : exchange.upstream({ method: 'GET', url }))
    page = { url, bundle: requireBundle(reply, 'searchset'), skip: 0 }
  }
  // Not refused: a search that finds too much that is hidden must not answer otherwise than one that finds little.
  return {
    entries,
    shown,
    heldBack,
    blocked,
    next: page.url === undefined ? undefined : { url: page.url, skip: 0, isNextPage: false },
  }
}

/**
 * The page after the first, asked for while the first is decided on, unless a moment ago its first match was visible: then
 * it is only needed where something of the first is hidden.
 */
function lookAhead(exchange: Exchange, { patients }: SearchPlan, { bundle, skip }: Page) {
  const url = nextLink(exchange, bundle)
  const glimpse = exchange.glimpses.of(`follows ${url ?? ''}`, patients)
  const ask = (page: string) => exchange.upstream({ method: 'GET', url: page })
  // In the next turn: what the first page has to be decided with is waited for sooner.
  const asked = url === undefined || (glimpse.isKnown && skip === 0) ? undefined : setImmediate().then(() => ask(url))
  asked?.catch(() => undefined) // heard by whoever waits for it, and there may be nobody
  return {
    ...glimpse,
    reply: (page: string) => asked ?? ask(page),
  }
}

/** Most often the first match is visible, and then nobody needs a decision on the others yet. */
async function firstVisible(
  exchange: Exchange,
  plan: SearchPlan,
  found: readonly JsonObject[],
): Promise<readonly (JsonObject | undefined)[]> {
  const head = await reviewEntries(exchange, plan, found.slice(0, 2), { looking: true })
  if (head.some((visible, index) => visible !== undefined && isMatch(found[index] ?? {}))) return head
  return [...head, ...(await reviewEntries(exchange, plan, found.slice(2), { looking: true }))]
}

async function countVisible(
  exchange: Exchange,
  asked: Asked,
  { plan, question, standing }: Policed,
): Promise<FhirAnswer> {
  const whole = question.filter(([name]) => name !== '_summary' && name !== '_count')
  let total = 0
  for await (const _ of visibleMatches(exchange, plan.type, [...whole, ['_count', '200']])) total += 1
  if (total === 0 && standing !== undefined) throw exchange.review.nothingThere(standing)
  return searchset([], { total, link: bundleLinks(exchange, asked, {}) })
}

const isOnlyPage = (bundle: JsonObject): boolean =>
  objectsOf(bundle['link']).every(({ relation }) => relation === 'self' || relation === 'first' || relation === 'last')

function withoutMatches(entries: readonly JsonObject[], count: number): readonly JsonObject[] {
  let left = count
  return entries.filter((entry) => {
    if (left === 0 || !isMatch(entry)) return true
    left -= 1
    return false
  })
}
