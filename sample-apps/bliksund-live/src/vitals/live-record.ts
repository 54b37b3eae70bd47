import { parseTransport, type Transport } from '../incoming/transport.ts'
import type { Json } from '../smart/json.ts'
import { askFrom, type LastHour, NOTHING_YET, takeIn } from './last-hour.ts'
import { WATCHED_CODES } from './signs.ts'

/** What is live about a patient: the ambulance, and what is measured in it. */
export type LiveRecord =
  | { readonly kind: 'under-way'; readonly transport: Transport; readonly hour: LastHour }
  | { readonly kind: 'no-transport' }

export const NO_TRANSPORT: LiveRecord = { kind: 'no-transport' }

type Search = (query: string) => Promise<readonly Json[]>

/** Without an ambulance nothing is live: what a ward measures is never asked for here, so that it cannot look like it. */
export async function readRecord(search: Search, patientId: string, known: LiveRecord): Promise<LiveRecord> {
  const patient = encodeURIComponent(patientId)
  const found = await search(`Encounter?patient=${patient}&class=EMER&status=in-progress`)
  const transport = found.flatMap((encounter) => parseTransport(encounter) ?? [])[0]
  if (!transport) return NO_TRANSPORT
  const same = known.kind === 'under-way' && known.transport.id === transport.id
  const hour = same ? known.hour : NOTHING_YET
  // First what is newest, then only what changed since.
  const from = askFrom(hour)
  const more = from
    ? `&_lastUpdated=gt${encodeURIComponent(from)}&_sort=_lastUpdated&_count=200`
    : '&_sort=-date&_count=500'
  const encounter = encodeURIComponent(transport.id)
  const measured = `Observation?patient=${patient}&encounter=${encounter}&code=${WATCHED_CODES.join(',')}`
  return { kind: 'under-way', transport, hour: takeIn(hour, await search(measured + more), new Date()) }
}
