import type { Encounter, EncounterLocation } from '@medplum/fhirtypes'
import type { FhirStore } from '#src/fhir/repository.ts'

const MINUTE = 60_000
const DRIVE_MINUTES = 20

const dueAt = (place: EncounterLocation): number | undefined =>
  place.status === 'planned' && place.period?.start ? Date.parse(place.period.start) : undefined

function rescheduled(place: EncounterLocation, now: Date): EncounterLocation {
  const due = dueAt(place)
  if (due === undefined) return place
  return {
    ...place,
    period: { ...place.period, start: new Date(now.getTime() + DRIVE_MINUTES * MINUTE).toISOString() },
  }
}

/**
 * Sends the ambulances on their way again when their time of arrival has passed.
 *
 * A demonstration that has been running since yesterday would otherwise show a list of ambulances that are hours late.
 */
export async function keepAmbulancesComing(store: FhirStore, now: Date): Promise<void> {
  const transports = await store.findAll<Encounter>('Encounter?class=EMER&status=in-progress&_count=100')
  for (const encounter of transports) {
    const late = encounter.location?.some((place) => (dueAt(place) ?? Infinity) <= now.getTime())
    if (!late) continue
    await store.updateResource<Encounter>({
      ...encounter,
      location: (encounter.location ?? []).map((place) => rescheduled(place, now)),
    })
  }
}
