import type { Observation } from '@medplum/fhirtypes'
import { reference } from '#src/seed/chart.ts'
import { scoredRound } from '#src/seed/vital-signs.ts'
import { type Monitored, readingAt } from './monitored.ts'

/** Marks what a monitor sent, so that it can be told from the record and be dropped after its hour. */
export const LIVE_TAG = { system: 'http://uthopp.example/fhir/CodeSystem/live', code: 'live' }

/** One reading of a monitor as Observations with ids of their own. */
export function liveObservations(monitored: Monitored, now: Date): readonly Observation[] {
  const at = {
    subject: reference(`Patient/${monitored.patient}`),
    encounter: reference(`Encounter/${monitored.encounter}`),
    effective: now.toISOString(),
    performer: reference(monitored.performer),
  }
  return scoredRound(at, readingAt(monitored, now)).map((observation, index) => ({
    ...observation,
    id: `liv${monitored.patient.slice('cdp'.length)}-${now.getTime()}-${index + 1}`,
    meta: { tag: [LIVE_TAG] },
  }))
}
