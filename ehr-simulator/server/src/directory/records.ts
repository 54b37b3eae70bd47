import type { Encounter, Location, Organization, Patient, Resource } from '@medplum/fhirtypes'
import { parseFhirId } from '@uthopp/smart-core/fhir-id'
import { belongsOnlyTo, isPatientType } from '@uthopp/smart-core/fhir/patient-compartment'
import { isProblem } from '@uthopp/smart-core/problem'
import type { FhirStore } from '#src/fhir/repository.ts'
import { ANNOUNCED } from '#src/fhir/definitions/announced.ts'

export type PatientSummary = {
  readonly id: string
  readonly name: string
  readonly birthDate: string | null
  readonly gender: string | null
}
export type EncounterSummary = {
  readonly id: string
  readonly class: string | null
  readonly start: string | null
  readonly status: string
}

/** A place of the trust: organisation number and RESH id, where it has them (norway.md §4.1). */
export type PlaceSummary = {
  readonly id: string
  readonly name: string
  readonly enh: string | null
  readonly resh: string | null
}

const ENH = 'urn:oid:2.16.578.1.12.4.1.4.101'
const RSH = 'urn:oid:2.16.578.1.12.4.1.4.102'

function summaryOf(patient: Patient & { readonly id: string }): PatientSummary {
  const [name] = patient.name ?? []
  const words = name?.text ?? [...(name?.given ?? []), name?.family ?? ''].join(' ').trim()
  return { id: patient.id, name: words, birthDate: patient.birthDate ?? null, gender: patient.gender ?? null }
}

/** What the directory tells of the records in this trust's store: that they exist, and enough to recognise a patient. */
export class Records {
  readonly #store: FhirStore

  constructor(store: FhirStore) {
    this.#store = store
  }

  async findPatient(id: string): Promise<PatientSummary | undefined> {
    const patient = await this.#store.find<Patient>('Patient', id)
    return patient && summaryOf(patient)
  }

  async hasPatient(id: string): Promise<boolean> {
    return (await this.#store.find<Patient>('Patient', id)) !== undefined
  }

  /** True when the encounter exists and, where a patient is named, is that patient's. */
  async hasEncounter(id: string, patient: string | undefined): Promise<boolean> {
    const encounter = await this.#store.find<Encounter>('Encounter', id)
    if (!encounter) return false
    return patient === undefined || encounter.subject?.reference === `Patient/${patient}`
  }

  /** True when it exists and, where it can be a patient's, is the named patient's and nobody else's. */
  async has(reference: string, patient: string | undefined): Promise<boolean> {
    const [type = '', id = '', ...rest] = reference.split('/')
    if (rest.length > 0 || !ANNOUNCED.has(type)) return false
    const found = await this.#store.find(type as Resource['resourceType'], id) // announced types are resource types
    if (found === undefined || !isPatientType(type)) return found !== undefined
    const owner = parseFhirId(patient ?? '')
    return !isProblem(owner) && belongsOnlyTo({ ...found }, owner, [this.#store.base])
  }

  /** A department or a unit, with the number a register knows it by. */
  async findPlace(type: 'Organization' | 'Location', id: string): Promise<PlaceSummary | undefined> {
    const place = await this.#store.find<Organization | Location>(type, id)
    if (place === undefined) return undefined
    const numberOf = (system: string) => place.identifier?.find((one) => one.system === system)?.value ?? null
    return { id, name: place.name ?? id, enh: numberOf(ENH), resh: numberOf(RSH) }
  }

  /** Newest first. */
  async encountersOf(patient: string): Promise<readonly EncounterSummary[]> {
    const encounters = await this.#store.findAll<Encounter>(
      `Encounter?patient=Patient/${encodeURIComponent(patient)}&_sort=-date&_count=100`,
    )
    return encounters.map(({ id, class: kind, period, status }) => ({
      id,
      class: kind?.code ?? null,
      start: period?.start ?? null,
      status,
    }))
  }
}
