import type { Answer } from '@uthopp/policy/answer'
import type { QueryParam } from '@uthopp/smart-core/fhir/query'
import { objectsOf } from '#src/json.ts'
import type { FhirAnswer } from './answer.ts'
import { asksForAll, findsBlocked } from './blocked-banner.ts'
import { linksOf, nextLink } from './bundle-links.ts'
import { fillPage } from './fill-page.ts'
import { includedWith, includesOf } from './included.ts'
import { BRINGS_ALONG, WIDE_PAGE } from './page-address.ts'
import { requireBundle } from './require-bundle.ts'
import { BLOCKED_BANNER, CUT, isMatch, searchset, warnings } from './search-review.ts'
import type { SearchPlan } from './search-step.ts'
import { visibleMatches } from './settle-search.ts'
import type { Asked, Exchange } from './step.ts'
import type { FhirReply } from './upstream-fhir.ts'

type Policed = {
  readonly plan: SearchPlan
  /** What the search asks of the server behind us. */
  readonly question: readonly QueryParam[]
  readonly standing: Answer | undefined
}

/** The question as it goes up where policy may hide some of its answer: how long a page is, and what a count says, is ours. */
export function policedQuestion(plan: SearchPlan, question: readonly QueryParam[]): readonly QueryParam[] {
  const left = question.filter(([name]) => !SHAPE.has(name))
  return plan.countOnly
    ? [...left.filter(([name]) => !BRINGS_ALONG.test(name)), ['_count', String(WIDE_PAGE)]]
    : [...left, ['_count', String(plan.size)]]
}

const SHAPE: ReadonlySet<string> = new Set(['_count', '_total', '_summary'])

/**
 * The answer to a search where policy may hide some of what is found: that of a server where what is hidden does not exist.
 *
 * A page is as long as it was asked for, whatever lies between its matches. A `next` link is there when something visible
 * follows, or when looking for it would have cost too much; a total only when nothing follows. Both say where they lead, and of
 * how many, in no way that counts what is hidden (CE-44).
 */
export async function policedSearch(
  exchange: Exchange,
  asked: Asked,
  reply: FhirReply,
  policed: Policed,
): Promise<FhirAnswer> {
  const { plan, standing } = policed
  if (plan.countOnly) return countVisible(exchange, asked, reply, policed)
  const bundle = requireBundle(reply, 'searchset')
  const found = objectsOf(bundle['entry'])
  const matches = found.filter(isMatch).length
  // A server that takes no notice of `_count` has pages of its own.
  const size = asked.isFurther ? plan.size : Math.max(plan.size, matches)
  const mayTell = !asked.isFurther && asksForAll(plan)
  const looksBeyond = mayTell && nextLink(exchange, bundle) !== undefined
  const [page, blockedBeyond] = await together(
    fillPage(exchange, plan, { url: asked.pageUrl, bundle, skip: asked.skip }, size),
    looksBeyond ? findsBlocked(exchange, plan, policed.question) : Promise.resolve(false),
  )
  const shown = page.entries
  if (shown.length === 0 && standing !== undefined) throw exchange.review.nothingThere(standing)
  const isWholePage = !asked.isFurther && page.ofFirst === matches && shown.length === matches
  const included = await includedWith(
    exchange,
    plan,
    shown,
    isWholePage ? found.filter((entry) => !isMatch(entry)) : undefined,
  )
  const banner = looksBeyond ? blockedBeyond : mayTell && page.blocked
  const outcomes = includesOf(plan).length === 0 ? warnings(bundle) : included.isCut ? [CUT] : []
  const mayCount = plan.asksTotal && !asked.isFurther && page.next === undefined
  return searchset([...shown, ...included.entries, ...outcomes, ...(banner ? [BLOCKED_BANNER] : [])], {
    ...(mayCount ? { total: shown.length } : {}),
    link: linksOf(exchange, asked, page.next),
  })
}

/** Both at once, and neither left alone when the other fails: what it denies belongs into the record of this request. */
async function together<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<readonly [One, Other]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

async function countVisible(
  exchange: Exchange,
  asked: Asked,
  reply: FhirReply,
  { plan, question, standing }: Policed,
): Promise<FhirAnswer> {
  let total = 0
  for await (const _ of visibleMatches(exchange, plan.type, question, reply)) total += 1
  if (total === 0 && standing !== undefined) throw exchange.review.nothingThere(standing)
  return searchset([], { total, link: linksOf(exchange, asked, undefined) })
}
