import { originOf } from '@uthopp/smart-core/fhir/origin'
import type { Resource } from '@uthopp/smart-core/fhir/resource'
import { forbidden } from '#src/http/refusals.ts'

/**
 * A change keeps the security labels as they stand: who may see a resource is not said by whoever may change it.
 *
 * Refused rather than kept in silence, since a writer that believes to have labelled something acts on that. What is created
 * comes with the labels of its author, and is decided about with them.
 */
export function requireSameLabels(stored: Resource, proposed: Resource): void {
  // With and without what is contained: a label must not move from the whole to a part of it.
  for (const labels of [labelsOf, ownLabelsOf])
    if (labels(stored) !== labels(proposed))
      throw forbidden('`meta.security` is not changed here; send the labels as they were read')
}

const labelsOf = (resource: Resource): string => JSON.stringify(originOf(resource).labels.toSorted())

const ownLabelsOf = (resource: Resource): string => labelsOf({ ...resource, contained: [] })
