import { type NamedPatients, patientsOf } from './patient-compartment.ts'
import { isRecord, isResource, type Resource, valuesAt } from './resource.ts'

/** What policy asks of a resource beside its type and id: whose it is, how it is marked, and where it came from. */
export type Origin = {
  readonly patients: NamedPatients
  /** `system|code` of `meta.security`, its own and that of what it contains. */
  readonly labels: readonly string[]
  /** Ids of the Organizations and Locations that made or keep it. */
  readonly units: readonly string[]
  /** Ids of the Practitioners who made it. */
  readonly authors: readonly string[]
  /** Ids of the Encounters it was made in, which know their units. */
  readonly encounters: readonly string[]
}

/** Elements that say who made or keeps a resource, over the R4 types that can be a patient's. */
const MAKERS = new Set([
  'asserter',
  'attester',
  'author',
  'careTeam',
  'custodian',
  'informationSource',
  'location',
  'managingOrganization',
  'owner',
  'participant',
  'performer',
  'recorder',
  'requester',
  'responsibleParty',
  'sender',
  'serviceProvider',
  'who',
])
const VISITS = new Set(['context', 'encounter'])

/**
 * Reads the origin of a resource from its own elements.
 *
 * A contained resource has no life of its own (FHIR R4, "Contained Resources"), so its marks count for its container: the
 * whole leaves or stays. `bases` are the addresses under which this server's own resources may be referred to absolutely.
 */
export function originOf(resource: Resource, bases: readonly string[] = []): Origin {
  const { contained } = resource
  const inner = Array.isArray(contained) ? contained.filter(isResource) : []
  const makers = referencesUnder(resource, MAKERS)
  const visits = referencesUnder(resource, VISITS)
  const itself = typeof resource['id'] === 'string' && resource.resourceType === 'Encounter' ? [resource['id']] : []
  return {
    patients: patientsOf(resource, bases),
    labels: distinct([resource, ...inner].flatMap(labelsOf)),
    units: distinct([...idsOf(makers, 'Organization', bases), ...idsOf(makers, 'Location', bases)]),
    authors: distinct(idsOf(makers, 'Practitioner', bases)),
    encounters: distinct([...idsOf(visits, 'Encounter', bases), ...itself]),
  }
}

const distinct = (values: readonly string[]): readonly string[] => [...new Set(values)]

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A label without a system or a code is a label still: nobody knows it, and what nobody knows restricts. */
const labelsOf = (resource: Resource): readonly string[] =>
  valuesAt(resource, ['meta', 'security']).map((label) =>
    isRecord(label) ? `${text(label['system'])}|${text(label['code'])}` : '|',
  )

function referencesUnder(resource: Resource, names: ReadonlySet<string>): readonly string[] {
  return Object.entries(resource).flatMap(([name, value]) => (names.has(name) ? referencesIn(value, 0) : []))
}

/** References stand at most this far below such an element (`Encounter.location[].location`). */
const DEEPEST = 3

function referencesIn(value: unknown, depth: number): readonly string[] {
  if (depth > DEEPEST) return []
  if (Array.isArray(value)) return value.flatMap((item) => referencesIn(item, depth))
  if (!isRecord(value)) return []
  const { reference } = value
  if (typeof reference === 'string') return [reference]
  return Object.values(value).flatMap((member) => (typeof member === 'object' ? referencesIn(member, depth + 1) : []))
}

function idsOf(references: readonly string[], type: string, bases: readonly string[]): readonly string[] {
  return references.flatMap((reference) => {
    const base = bases.find((known) => reference.startsWith(`${known}/`))
    const relative = base === undefined ? reference : reference.slice(base.length + 1)
    const [found, id] = relative.split('/')
    return found === type && id !== undefined && id !== '' ? [id] : []
  })
}
