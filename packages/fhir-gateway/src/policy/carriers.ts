import { searchParamFor } from '@uthopp/smart-core/fhir/patient-compartment'
import { isResource, type Resource } from '@uthopp/smart-core/fhir/resource'
import { nextLink } from '#src/fhir/bundle-links.ts'
import { localReference, referencesIn } from '#src/fhir/references.ts'
import { requireBundle } from '#src/fhir/require-bundle.ts'
import { tooMany } from '#src/fhir/settle-search.ts'
import type { UpstreamFhir } from '#src/fhir/upstream-fhir.ts'
import { objectsOf, stringOf } from '#src/json.ts'
import { remembered } from '#src/remembered.ts'
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
/** contracts.md §5: what a decision rests on is at most this old. */
const FRESH_MS = 4000
/** As many as a page of an export may be of, since its bytes are decided on together. */
const MOST_PATIENTS = 500

/** By the id of a Binary what carries it. */
type Carried = ReadonlyMap<string, readonly Resource[]>

type Carriers = {
  /** What of these patients' carries a Binary. */
  readonly of: (binary: Resource, patients: readonly string[]) => Promise<readonly Resource[]>
  /** To be called when something was changed: what carries what may be something else now. */
  readonly forget: () => void
}

/**
 * What carries the bytes that one request asks for, or one export goes through.
 *
 * Bytes bear no marks of their own, so they are as open as what they are part of. Servers need not search by what an
 * attachment's address is, so all of a patient's that may carry them is gone through, for all bytes of that patient at once.
 */
export function createCarriers(trust: Trust, upstream: UpstreamFhir, { now }: { readonly now: () => Date }): Carriers {
  const memory = () => remembered<Carried>({ forMs: FRESH_MS, limit: MOST_PATIENTS, now })
  let remember = memory()
  return {
    async of(binary, patients) {
      const id = stringOf(binary['id']) ?? ''
      const all = await Promise.all(
        patients.map((patient) => remember(patient, () => carriedOf(trust, upstream, patient))),
      )
      return all.flatMap((carried) => carried.get(id) ?? [])
    },
    forget() {
      remember = memory()
    },
  }
}

/** Only what carries anything is kept, since a patient has much more than that. */
async function carriedOf(trust: Trust, upstream: UpstreamFhir, patient: string): Promise<Carried> {
  const bases = [trust.fhirBase, trust.fhirUpstream]
  const found = await Promise.all(
    CARRIERS.map(async (type) => {
      const pairs: (readonly [id: string, resource: Resource])[] = []
      for await (const resource of resourcesOf(trust, upstream, type, patient))
        for (const id of binariesIn(resource, bases)) pairs.push([id, resource])
      return pairs
    }),
  )
  const byId = Map.groupBy(found.flat(), ([id]) => id)
  return new Map([...byId].map(([id, pairs]) => [id, pairs.map(([, resource]) => resource)]))
}

async function* resourcesOf(
  trust: Trust,
  upstream: UpstreamFhir,
  type: string,
  patient: string,
): AsyncGenerator<Resource> {
  let url: string | undefined = `${type}?${searchParamFor(type) ?? 'patient'}=${patient}&_count=200`
  for (let page = 0; url !== undefined; page += 1) {
    if (page === MOST_PAGES) throw tooMany()
    const reply = await upstream({ method: 'GET', url })
    // FHIR R4, "RESTful API", 3.1.0.2.1: a server that keeps none of a type does not find the type.
    if (page === 0 && reply.status === 404) return
    const bundle = requireBundle(reply, 'searchset')
    for (const { resource } of objectsOf(bundle['entry']))
      if (isResource(resource) && resource.resourceType === type) yield resource
    url = nextLink({ trust }, bundle)
  }
}

function binariesIn(document: Resource, bases: readonly string[]): ReadonlySet<string> {
  const targets = [...referencesIn(document)].map((reference) => localReference(reference, bases))
  return new Set(targets.flatMap((target) => (target?.type === 'Binary' ? [target.id] : [])))
}
