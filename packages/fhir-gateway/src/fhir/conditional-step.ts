import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { isResource } from '@uthopp/smart-core/fhir/resource'
import { notFound } from '#src/http/refusals.ts'
import { requireScope } from './require-scope.ts'
import type { Asked, Exchange, Step } from './step.ts'
import { idsMatching } from './visible-criteria.ts'
import { createStep, deleteStep, exactCriteria, patchStep, updateStep } from './write-step.ts'

type Conditional = Extract<
  FhirInteraction,
  { readonly kind: 'conditional-update' | 'conditional-patch' | 'conditional-delete' }
>

/**
 * Finds the one resource the criteria mean among those the caller may find, and goes on as if it had been named.
 *
 * Nothing found: an update becomes a conditional create under the same criteria, so that a resource made meanwhile is found
 * rather than doubled (FHIR R4, "Conditional update").
 */
export async function conditionalStep(exchange: Exchange, asked: Asked, interaction: Conditional): Promise<Step> {
  const { type, search, kind } = interaction
  requireScope(exchange, { verb: kind === 'conditional-delete' ? 'delete' : 'update', type })
  const { ids } = await idsMatching(exchange, type, exactCriteria(exchange, { type, search }), ['search'])
  const [id] = ids
  if (id === undefined) {
    if (kind !== 'conditional-update') throw notFound()
    return createStep(exchange, asked, { kind: 'conditional-create', type, search })
  }
  const target = { type, id }
  if (kind === 'conditional-delete') return deleteStep(exchange, asked, target)
  if (kind === 'conditional-patch') return patchStep(exchange, asked, target)
  const body = isResource(asked.body) && asked.body['id'] === undefined ? { ...asked.body, id } : asked.body
  return updateStep(exchange, { ...asked, body }, target)
}
