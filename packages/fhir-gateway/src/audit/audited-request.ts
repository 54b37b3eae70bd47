import type { FhirInteraction } from '@uthopp/smart-core/fhir/interaction'
import type { AuditedRequest } from './ledger.ts'

/** FHIR's own codes (`restful-interaction`), by which a log is read elsewhere. */
const CODES: Readonly<Partial<Record<FhirInteraction['kind'], string>>> = {
  'conditional-create': 'create',
  'conditional-update': 'update',
  'conditional-patch': 'patch',
  'conditional-delete': 'delete',
  'search-compartment': 'search-type',
  bundle: 'batch',
}

const NAME = /^[A-Za-z_][\w:.-]{0,99}$/

/** A request as the log tells it: the names of search parameters, and none of their values. */
export function auditedRequest(interaction: FhirInteraction): AuditedRequest {
  const names = 'search' in interaction ? interaction.search.params.map(({ raw }) => raw) : []
  // What is no name was made up by the caller, who may have written anything into it.
  const told = [...new Set(names)].filter((name) => NAME.test(name)).slice(0, 20)
  const type = 'type' in interaction ? interaction.type : null
  return {
    interaction: CODES[interaction.kind] ?? interaction.kind,
    // `Patient/<id>/*` asks for every type, which is the name of none.
    type: typeof type === 'string' && type !== '*' ? type : null,
    query: told.length === 0 ? null : told.join('&'),
  }
}
