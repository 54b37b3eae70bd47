import { type Problem, isProblem, problem } from '../problem.ts'
import { type FhirInteraction, parseFhirInteraction } from './interaction.ts'
import { type Resource, isRecord, isResource } from './resource.ts'

/** One entry of a batch or transaction: what it asks for, and the resource it brings. */
export type BundleEntry = { readonly interaction: FhirInteraction; readonly resource: Resource | null }

/** Reads one entry (FHIR R4, "batch/transaction"): its request is an HTTP request relative to the base. */
export function parseBundleEntry(entry: unknown): BundleEntry | Problem {
  const request = isRecord(entry) ? entry['request'] : undefined
  if (!isRecord(entry) || !isRecord(request)) return problem('entry.request', 'each entry has a request')
  const { method, url, ifNoneExist } = request
  if (typeof method !== 'string' || typeof url !== 'string')
    return problem('entry.request', 'a request has a method and a url')
  if (ifNoneExist !== undefined && typeof ifNoneExist !== 'string')
    return problem('entry.request', '`ifNoneExist` is a text')
  const mark = url.indexOf('?')
  const interaction = parseFhirInteraction({
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    ...(ifNoneExist !== undefined && { ifNoneExist }),
  })
  if (isProblem(interaction)) return interaction
  if (interaction.kind === 'bundle') return problem(url, 'a batch in a batch')
  return withResource(interaction, entry['resource'])
}

function withResource(interaction: FhirInteraction, resource: unknown): BundleEntry | Problem {
  if (resource === undefined) {
    return brings(interaction)
      ? problem(interaction.kind, 'the entry brings no resource')
      : { interaction, resource: null }
  }
  if (!isResource(resource)) return problem('entry.resource', 'not a resource')
  // A body of another type than the address names would be decided as one thing and stored as another.
  const type = brings(interaction)
  if (type !== undefined && resource.resourceType !== type) return problem(resource.resourceType, `expected ${type}`)
  if (interaction.kind === 'update' && resource['id'] !== interaction.id)
    return problem('entry.resource.id', 'the id of the resource is the id of the address')
  return { interaction, resource }
}

/** The type an interaction's body has to be of; undefined when it needs none. */
function brings(interaction: FhirInteraction): string | undefined {
  switch (interaction.kind) {
    case 'create':
    case 'conditional-create':
    case 'update':
    case 'conditional-update':
      return interaction.type
    default:
      return undefined
  }
}
