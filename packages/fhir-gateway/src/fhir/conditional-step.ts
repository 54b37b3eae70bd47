import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import { isResource } from '@uthopp/smart-core/fhir/resource'
import { notFound, severalMatches } from '#src/http/refusals.ts'
import { objectsOf, stringOf } from '#src/json.ts'
import { goesOn, requireBundle } from './require-bundle.ts'
import { requireScope } from './require-scope.ts'
import { postedSearch } from './settle-search.ts'
import type { Asked, Exchange, Step } from './step.ts'
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
  const [id, ...others] = await matches(exchange, type, exactCriteria(exchange, { type, search }))
  if (others.length > 0) throw severalMatches()
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

/** More than two, since some of them may be hidden from the caller; more than this are several, whoever looks. */
const LOOKED_AT = 200

/** Asked by POST: criteria may be names and numbers of people, which no address of a request is to tell. */
async function matches(exchange: Exchange, type: string, criteria: string): Promise<readonly string[]> {
  const bundle = requireBundle(
    await exchange.upstream(postedSearch(type, `${criteria}&_count=${LOOKED_AT}`)),
    'searchset',
  )
  if (goesOn(bundle)) throw severalMatches()
  const found = objectsOf(bundle['entry']).map((entry) => ({ resource: entry['resource'], verbs: ['search'] as const }))
  const visible = await exchange.review.visibleAmong(found, { looking: true })
  return visible.flatMap((resource) => (resource?.resourceType === type ? (stringOf(resource['id']) ?? []) : []))
}
