import type { Encounter } from '@medplum/fhirtypes'
import type { FhirStore } from '#src/fhir/repository.ts'
import { type Repeating, repeat } from '#src/repeating.ts'
import { withScore } from '#src/seed/ambulance.ts'
import { news2Of } from '#src/seed/news2.ts'
import { keepAmbulancesComing } from './ambulances.ts'
import { LIVE_TAG, liveObservations } from './live-observations.ts'
import { type Monitored, monitoredAt, readingAt } from './monitored.ts'

export type LiveVitalsDeps = {
  readonly store: FhirStore
  readonly orgnr: string
  readonly now: () => Date
}

const KEPT_MILLISECONDS = 60 * 60_000
/** Old readings are dropped, and late ambulances sent on, once in so many beats. */
const BEATS_BETWEEN_CHORES = 15
const PAGE = 500

/** Drops readings older than an hour with their history, so that the store does not grow while it runs. */
async function dropOldReadings(store: FhirStore, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KEPT_MILLISECONDS).toISOString()
  const query = `Observation?_tag=${encodeURIComponent(`${LIVE_TAG.system}|${LIVE_TAG.code}`)}&date=lt${before}&_count=${PAGE}`
  for (;;) {
    const old = await store.findAll(query)
    if (old.length === 0) return
    await store.transaction(async (inside) => {
      for (const { id } of old) await inside.forget('Observation', id)
    })
  }
}

/** One reading of one monitor. The list of ambulances says the score the record says: they change together. */
async function writeReading(store: FhirStore, monitored: Monitored, time: Date): Promise<void> {
  const transport = await store.find<Encounter>('Encounter', monitored.encounter)
  if (transport?.status !== 'in-progress') return
  const rescored = withScore(transport, news2Of(readingAt(monitored, time)).total)
  await store.load([...liveObservations(monitored, time), ...(rescored === 'unchanged' ? [] : [rescored])])
}

/** The monitors of the ambulances: each beat writes one reading for every patient who is still under way. */
export function createLiveVitals({ store, orgnr, now }: LiveVitalsDeps): { readonly beat: () => Promise<void> } {
  let beats = 0
  return {
    async beat() {
      const time = now()
      if (beats % BEATS_BETWEEN_CHORES === 0) {
        await dropOldReadings(store, time)
        await keepAmbulancesComing(store, time)
      }
      beats += 1
      for (const monitored of monitoredAt(orgnr)) {
        await store.transaction((inside) => writeReading(inside, monitored, time))
      }
    },
  }
}

/** Beats every `intervalMs` until stopped; await that before closing the store. */
export function startLiveVitals(
  deps: LiveVitalsDeps & { readonly intervalMs?: number; readonly onFailure: (error: unknown) => void },
): Repeating {
  return repeat({ work: createLiveVitals(deps).beat, everyMs: deps.intervalMs ?? 2000, onFailure: deps.onFailure })
}
