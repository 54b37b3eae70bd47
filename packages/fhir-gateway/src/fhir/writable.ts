import { Refusal } from '@uthopp/server-kit/refusal'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { requireOwnStudies } from '#src/dicomweb/own-studies.ts'
import { forbidden } from '#src/http/refusals.ts'
import { requireSameLabels } from './kept-labels.ts'
import { requireNoInstruction } from './launch-instruction.ts'
import { requireInertNarrative } from './narrative.ts'
import { requireOwnReferences } from './own-references.ts'
import type { Exchange } from './step.ts'

/** Everything a new version of a resource must be, however it is sent: by itself, as a patch, or as an entry of a Bundle. */
export async function requireWritable(
  exchange: Exchange,
  proposed: Resource,
  change: { readonly verb: 'create' | 'update'; readonly stored?: Resource },
): Promise<void> {
  await requireProposed(exchange, proposed, change.verb)
  const { stored } = change
  requireNoInstruction(proposed, ...(stored === undefined ? [] : [stored]))
  if (stored !== undefined) requireSameLabels(stored, proposed)
  requireInertNarrative(proposed, stored)
  await requireOwnReferences(exchange, proposed, change)
  await requireOwnStudies(exchange, proposed, stored)
}

/** A new version that would lie where the caller may not write is refused in words of its own: nothing is hidden by them. */
async function requireProposed(exchange: Exchange, proposed: Resource, verb: 'create' | 'update'): Promise<void> {
  try {
    await exchange.review.require(proposed, [verb])
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 404) throw error
    throw forbidden('the resource lies outside what may be written')
  }
}
