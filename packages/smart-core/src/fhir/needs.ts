import type { Need } from '../access.ts'
import { type Problem, problem } from '../problem.ts'
import type { FhirInteraction } from './interaction.ts'
import type { SearchQuery } from './search-query.ts'

/**
 * Every verb and type an interaction needs, all of which must be permitted before anything is looked up.
 *
 * SMART App Launch 2.2.0, "Scopes for requesting FHIR Resources": history of an instance is reading, history of a type
 * or the system is searching. A Bundle needs nothing itself (SAL-134); no scope speaks for an operation.
 */
export function needsOf(interaction: FhirInteraction): readonly Need[] | Problem {
  switch (interaction.kind) {
    case 'capabilities':
    case 'bundle':
      return []
    case 'read':
    case 'vread':
    case 'history-instance':
      return [{ verb: 'read', type: interaction.type, id: interaction.id }]
    case 'history-type':
      return [{ verb: 'search', type: interaction.type }]
    case 'history-system':
      return [{ verb: 'search', type: '*' }]
    case 'search-type':
    case 'search-system':
    case 'search-compartment':
      return searchNeeds(interaction.search)
    case 'create':
      return [{ verb: 'create', type: interaction.type }]
    case 'update':
    case 'patch':
      return [{ verb: 'update', type: interaction.type, id: interaction.id }]
    case 'delete':
      return [{ verb: 'delete', type: interaction.type, id: interaction.id }]
    case 'conditional-create':
    case 'conditional-update':
    case 'conditional-patch':
    case 'conditional-delete':
      // Whether the condition matched is an answer to a search.
      return [{ verb: VERB_OF[interaction.kind], type: interaction.type }, ...searchNeeds(interaction.search)]
    case 'operation':
      return problem(`$${interaction.name}`, 'no scope covers an operation')
  }
}

const VERB_OF = {
  'conditional-create': 'create',
  'conditional-update': 'update',
  'conditional-patch': 'update',
  'conditional-delete': 'delete',
} as const

function searchNeeds(search: SearchQuery): readonly Need[] {
  const filtered = search.touches.filter((touch) => touch.how === 'filter').map((touch) => touch.type)
  return [...new Set([...search.types, ...filtered])].map((type): Need => ({ verb: 'search', type }))
}
