import type { Encounter } from '@medplum/fhirtypes'
import type { FhirStore } from '#src/fhir/repository.ts'
import type { SeededPatient } from '#src/seed/person.ts'
import type { Contact } from './contacts.ts'

/** The id of a reference to that type. */
export const idIn = (reference: string | undefined, type: string): readonly string[] =>
  reference?.startsWith(`${type}/`) ? [reference.slice(type.length + 1)] : []

/** Long enough ago that nobody works with it any more: it gives no access, and is what one may look back at. */
const LONG_AGO_MS = 60 * 86_400_000

/** Visits that are over, at the units that had the patient then. */
export async function historyOf(
  store: FhirStore,
  patients: readonly SeededPatient[],
  now: Date,
): Promise<readonly Contact[]> {
  const visits = await store.findAll<Encounter>('Encounter?status=finished&_count=500')
  const known = new Set(patients.map(({ patient }) => patient))
  return visits.flatMap(({ id, subject, class: kind, period, location }): Contact[] => {
    const [patient] = idIn(subject?.reference, 'Patient')
    const [unit] = (location ?? []).flatMap((place) => idIn(place.location.reference, 'Location'))
    const [startsAt, endsAt] = [new Date(period?.start ?? Number.NaN), new Date(period?.end ?? Number.NaN)]
    if (patient === undefined || unit === undefined || !known.has(patient)) return []
    if (!(startsAt < endsAt && now.getTime() - endsAt.getTime() > LONG_AGO_MS)) return []
    const had = kind.code === 'IMP' ? 'inpatient' : 'visit'
    return [{ id: `ktk-${id}`, patient, unit, encounter: id, startsAt, endsAt, kind: had, user: null, elements: [] }]
  })
}
