import { type FhirId, parseFhirId } from '../fhir-id.ts'
import { isProblem } from '../problem.ts'
import table from '../r4/patient-compartment.json' with { type: 'json' }
import { type Resource, isRecord, valuesAt } from './resource.ts'

type CompartmentEntry = {
  /** The search parameter that constrains a search to one patient; undefined where there is none. */
  readonly param: string | undefined
  /** Paths of the elements that name whose data this is. */
  readonly owner: readonly (readonly string[])[]
  /** Paths of every element that puts the resource in a compartment by the R4 definition. */
  readonly all: readonly (readonly string[])[]
}

const split = (paths: readonly string[]): readonly (readonly string[])[] => paths.map((path) => path.split('.'))

/**
 * FHIR R4, "Binary": whoever may read the resource in `securityContext` may read the bytes. Where that is the Patient,
 * the bytes are that patient's, although the compartment definition leaves Binary out; nothing searches for them.
 */
const BINARY: CompartmentEntry = { param: undefined, owner: [['securityContext']], all: [['securityContext']] }

const COMPARTMENT: ReadonlyMap<string, CompartmentEntry> = new Map([
  ...Object.entries(table).map(([type, row]): [string, CompartmentEntry] => [
    type,
    { param: row.param, owner: split(row.owner), all: split(row.all) },
  ]),
  ['Binary', BINARY],
])

/** True for types whose resources can be a patient's (CompartmentDefinition/patient, 4.0.1, and Binary). */
export function isPatientType(type: string): boolean {
  return COMPARTMENT.has(type)
}

/** The one parameter to add when a search is confined to a patient; none for types that cannot be searched by patient. */
export function searchParamFor(type: string): string | undefined {
  return COMPARTMENT.get(type)?.param
}

/**
 * True when the resource is this patient's data and nobody else's.
 *
 * Narrower than R4's compartment on purpose (SAL-204): a mother who measured her child's weight is `performer` of an
 * Observation that is about the child, and a Group or Appointment that names two patients would tell each of the other.
 */
export function belongsOnlyTo(resource: Resource, patient: FhirId, bases: readonly string[] = []): boolean {
  const row = COMPARTMENT.get(resource.resourceType)
  if (row === undefined) return false
  const owners = namedAt(resource, row.owner, bases)
  const named = owners.ids.length > 0 ? owners : namedAt(resource, row.all, bases)
  return !named.unclear && named.ids.length > 0 && named.ids.every((id) => id === patient)
}

/** Whose data a resource is, as far as it says; nobody's when it names none (the directory, equipment in a store room). */
export function patientsOf(resource: Resource, bases: readonly string[] = []): NamedPatients {
  const row = COMPARTMENT.get(resource.resourceType)
  if (row === undefined) return { ids: [], unclear: false }
  const owners = namedAt(resource, row.owner, bases)
  const { ids, unclear } = owners.ids.length > 0 || owners.unclear ? owners : namedAt(resource, row.all, bases)
  return { ids: [...new Set(ids)], unclear }
}

/** True when no element of the compartment points at, or may point at, another patient. */
export function namesNobodyBut(resource: Resource, patient: FhirId, bases: readonly string[] = []): boolean {
  // A contained Patient is a person under a local name, which may be anyone.
  if (resource.resourceType === 'Patient') return false
  const named = namedAt(resource, COMPARTMENT.get(resource.resourceType)?.all ?? [], bases)
  return !named.unclear && named.ids.every((id) => id === patient)
}

export type NamedPatients = {
  readonly ids: readonly FhirId[]
  /** Some reference may be to a patient we cannot identify. */
  readonly unclear: boolean
}

function namedAt(resource: Resource, paths: CompartmentEntry['all'], bases: readonly string[]): NamedPatients {
  const ids: FhirId[] = []
  let unclear = false
  for (const path of paths) {
    for (const value of valuesAt(resource, path)) {
      const named = path[0] === 'id' ? patientWithId(value) : patientReferredTo(value, bases)
      if (named === 'unclear') unclear = true
      else if (named !== 'none') ids.push(named)
    }
  }
  return { ids, unclear }
}

function patientWithId(value: unknown): FhirId | 'none' {
  const id = typeof value === 'string' ? parseFhirId(value) : undefined
  return id === undefined || isProblem(id) ? 'none' : id
}

const TYPE_AND_ID = /(?:^|\/)(?<type>[A-Z][A-Za-z]*)\/(?<id>[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/

/** A Reference to a patient of this base, to something else, or to something that could be a patient elsewhere. */
function patientReferredTo(value: unknown, bases: readonly string[]): FhirId | 'none' | 'unclear' {
  if (!isRecord(value)) return 'none'
  const reference = value['reference']
  // Logical references name a person by number; whose record that is, only the store could say.
  if (typeof reference !== 'string') return value['type'] === 'Patient' ? 'unclear' : 'none'
  const part = TYPE_AND_ID.exec(reference)
  const { type, id } = part?.groups ?? {}
  // `#contained` and `urn:uuid:` could point at anything.
  if (part === null || type === undefined || id === undefined) return 'unclear'
  if (type !== 'Patient') return 'none'
  const prefix = reference.slice(0, part.index)
  if (prefix !== '' && !bases.includes(prefix)) return 'unclear'
  const patient = patientWithId(id)
  return patient === 'none' ? 'unclear' : patient
}
