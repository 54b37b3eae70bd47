import type { Resource } from '@medplum/fhirtypes'
import { unknownTransportsOf } from './ambulance.ts'
import { openChart } from './chart.ts'
import { organizationsOf } from './organizations.ts'
import { patientResourcesOf } from './patient-resources.ts'
import { patientsOf } from './people.ts'
import { placesOf } from './places.ts'
import { staffResourcesOf } from './staff-resources.ts'
import { stories } from './stories/stories.ts'
import { AHUS, OUS } from './units.ts'

export type SeedSetting = {
  /** Everything in the charts is dated from here. */
  readonly now: Date
  /** Address of the host, under which the imaging archive answers. */
  readonly host: string
}

/** All a trust's store starts with, in an order in which nothing refers ahead. A trust that is not seeded starts empty. */
export function resourcesOf(orgnr: string, { now, host }: SeedSetting): readonly Resource[] {
  if (orgnr !== OUS && orgnr !== AHUS) return []
  const charts = patientsOf(orgnr).flatMap((patient) => {
    const chart = openChart(patient, now)
    stories[patient.patient]?.(chart)
    return [...patientResourcesOf(patient), ...chart.resources]
  })
  return [
    ...organizationsOf(orgnr),
    ...placesOf(orgnr, host),
    ...staffResourcesOf(orgnr),
    ...charts,
    ...unknownTransportsOf(orgnr, now),
  ]
}
