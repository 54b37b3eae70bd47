import { parseFhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { isProblem } from '@uthopp/smart-core/problem'
import { auditedRequest } from '#src/audit/audited-request.ts'
import { notFound } from '#src/http/refusals.ts'
import type { FhirAnswer } from './answer.ts'
import { holderOf } from './bundle-links.ts'
import { prepare } from './perform.ts'
import type { Asked, Exchange } from './step.ts'

/** A page of a search made earlier: decided as that search, asked at the link it was sealed with. */
export async function followPage(exchange: Exchange, sealed: string): Promise<FhirAnswer> {
  const page = exchange.seal.open(sealed, holderOf(exchange))
  if (page === undefined) throw notFound()
  const [path, query] = splitAt(page.search, '?')
  const interaction = parseFhirInteraction({ method: 'GET', path, query })
  if (isProblem(interaction)) throw notFound()
  exchange.ledger.about(auditedRequest(interaction))
  const asked: Asked = {
    interaction,
    url: page.search,
    body: undefined,
    ifMatch: undefined,
    skip: page.skip,
    isFurther: true,
    pageUrl: page.upstreamUrl,
    isAlone: false,
    returns: 'representation',
  }
  const step = await prepare(exchange, asked)
  return step.review(await exchange.upstream({ method: 'GET', url: page.upstreamUrl }))
}

function splitAt(text: string, mark: string): readonly [string, string] {
  const index = text.indexOf(mark)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}
