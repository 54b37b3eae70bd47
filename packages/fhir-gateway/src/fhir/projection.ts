import { isRecord, type Resource } from '@uthopp/smart-core/fhir/resource'
import { type JsonObject, objectsOf } from '#src/json.ts'

/** What part of each resource the caller asked for; applied here, after the decision, never upstream. */
export type Projection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'without-text' }
  | { readonly kind: 'elements'; readonly elements: readonly string[] }

const SUBSETTED: JsonObject = { system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue', code: 'SUBSETTED' }

/** Always there: identity, and what changes the meaning of everything else (FHIR R4 search, "Elements"). */
const ALWAYS = new Set(['resourceType', 'id', 'meta', 'implicitRules', 'modifierExtension', 'status'])

/**
 * Reads `_elements` and `_summary`.
 *
 * Both are kept from the server behind us: a resource without its subject or category could not be decided. A server need
 * not shorten as asked (FHIR R4 search, "Summary"), so `_summary=text` is answered whole and `true` like `data`.
 */
export function parseProjection(parameters: readonly (readonly [name: string, value: string])[]): Projection {
  const elements = parameters
    .filter(([name]) => name === '_elements')
    .flatMap(([, value]) => value.split(','))
    .filter((element) => element !== '')
  if (elements.length > 0) return { kind: 'elements', elements }
  const summary = parameters.find(([name]) => name === '_summary')?.[1]
  return summary === 'true' || summary === 'data' ? { kind: 'without-text' } : { kind: 'whole' }
}

/** The part asked for, marked as a part so that nobody writes it back as the whole. */
export function project(resource: Resource, projection: Projection): Resource {
  if (projection.kind === 'whole') return resource
  const wanted = keeps(resource.resourceType, projection)
  const kept: { [member: string]: unknown } = {}
  for (const [name, value] of Object.entries(resource)) {
    if (wanted(name.startsWith('_') ? name.slice(1) : name)) kept[name] = value
  }
  return markSubsetted({ ...kept, resourceType: resource.resourceType })
}

function keeps(type: string, projection: Exclude<Projection, { readonly kind: 'whole' }>): (name: string) => boolean {
  if (projection.kind === 'without-text') return (name) => name !== 'text'
  const named = new Set(projection.elements.map((element) => element.replace(`${type}.`, '').split('.')[0]))
  return (name) => ALWAYS.has(name) || named.has(name)
}

/** Adds the tag that says "this is not all of it". */
function markSubsetted(resource: Resource): Resource {
  const meta = isRecord(resource['meta']) ? resource['meta'] : {}
  const tags = objectsOf(meta['tag'])
  if (tags.some((tag) => tag['code'] === 'SUBSETTED')) return resource
  return { ...resource, meta: { ...meta, tag: [...tags, SUBSETTED] } }
}
