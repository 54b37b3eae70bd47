import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { nextLink } from '#src/fhir/bundle-links.ts'
import { localReference, referencesIn } from '#src/fhir/references.ts'
import { requireBundle } from '#src/fhir/require-bundle.ts'
import { tooMany } from '#src/fhir/settle-search.ts'
import type { UpstreamFhir } from '#src/fhir/upstream-fhir.ts'
import { objectsOf } from '#src/json.ts'
import type { Trust } from '#src/trust.ts'

/** Types whose attachments are kept as Binary. */
const CARRIERS = ['DocumentReference', 'DiagnosticReport'] as const
const MOST_PAGES = 10

/**
 * The documents of these patients that carry a Binary.
 *
 * Bytes bear no marks of their own, so they are as open as the documents they are of. Servers need not search by what an
 * attachment's address is, so the patient's documents are gone through; those who read bytes do it one at a time.
 */
export async function carriersOf(
  trust: Trust,
  upstream: UpstreamFhir,
  binary: Resource,
  patients: readonly string[],
): Promise<readonly Resource[]> {
  const bases = [trust.fhirBase, trust.fhirUpstream]
  const found: Resource[] = []
  for (const patient of patients)
    for (const type of CARRIERS) {
      let url: string | undefined = `${type}?patient=${patient}&_count=200`
      for (let page = 0; url !== undefined; page += 1) {
        if (page === MOST_PAGES) throw tooMany()
        const bundle = requireBundle(await upstream({ method: 'GET', url }), 'searchset')
        for (const { resource } of objectsOf(bundle['entry']))
          if (isResource(resource) && resource.resourceType === type && carries(resource, binary, bases))
            found.push(resource)
        url = nextLink({ trust }, bundle)
      }
    }
  return found
}

const carries = (document: Resource, binary: Resource, bases: readonly string[]): boolean =>
  [...referencesIn(document)].some((reference) => {
    const target = localReference(reference, bases)
    return target?.type === 'Binary' && target.id === binary['id']
  })
