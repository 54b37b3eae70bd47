import { searchParamFor } from '@uthopp/smart-core/fhir/patient-compartment'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { nextLink } from '#src/fhir/bundle-links.ts'
import { localReference, referencesIn } from '#src/fhir/references.ts'
import { requireBundle } from '#src/fhir/require-bundle.ts'
import { tooMany } from '#src/fhir/settle-search.ts'
import type { UpstreamFhir } from '#src/fhir/upstream-fhir.ts'
import { objectsOf } from '#src/json.ts'
import type { Trust } from '#src/trust.ts'

/** Types of a patient's whose attachments may be kept as Binary (FHIR R4: an element of type Attachment), or that bind documents together. */
const CARRIERS = [
  'BodyStructure',
  'Claim',
  'Communication',
  'CommunicationRequest',
  'Composition',
  'Consent',
  'DiagnosticReport',
  'DocumentManifest',
  'DocumentReference',
  'ExplanationOfBenefit',
  'Media',
  'Patient',
  'QuestionnaireResponse',
  'RelatedPerson',
  'Task',
] as const
const MOST_PAGES = 10

/**
 * What of these patients' carries a Binary.
 *
 * Bytes bear no marks of their own, so they are as open as what they are part of. Servers need not search by what an
 * attachment's address is, so all that may carry them is gone through; those who read bytes do it one at a time.
 */
export async function carriersOf(
  trust: Trust,
  upstream: UpstreamFhir,
  binary: Resource,
  patients: readonly string[],
): Promise<readonly Resource[]> {
  const bases = [trust.fhirBase, trust.fhirUpstream]
  const found = await Promise.all(
    patients.flatMap((patient) => CARRIERS.map((type) => resourcesOf(trust, upstream, type, patient))),
  )
  return found.flat().filter((resource) => carries(resource, binary, bases))
}

async function resourcesOf(
  trust: Trust,
  upstream: UpstreamFhir,
  type: string,
  patient: string,
): Promise<readonly Resource[]> {
  const found: Resource[] = []
  let url: string | undefined = `${type}?${searchParamFor(type) ?? 'patient'}=${patient}&_count=200`
  for (let page = 0; url !== undefined; page += 1) {
    if (page === MOST_PAGES) throw tooMany()
    const reply = await upstream({ method: 'GET', url })
    // FHIR R4, "RESTful API", 3.1.0.2.1: a server that keeps none of a type does not find the type.
    if (page === 0 && reply.status === 404) return []
    const bundle = requireBundle(reply, 'searchset')
    for (const { resource } of objectsOf(bundle['entry']))
      if (isResource(resource) && resource.resourceType === type) found.push(resource)
    url = nextLink({ trust }, bundle)
  }
  return found
}

const carries = (document: Resource, binary: Resource, bases: readonly string[]): boolean =>
  [...referencesIn(document)].some((reference) => {
    const target = localReference(reference, bases)
    return target?.type === 'Binary' && target.id === binary['id']
  })
