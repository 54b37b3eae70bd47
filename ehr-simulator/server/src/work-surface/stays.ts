import type { Encounter } from '@medplum/fhirtypes'
import { refuse } from '@uthopp/server-kit/refusal'
import type { ChartSource } from './access/chart-source.ts'
import type { Names } from './names.ts'
import { idIn, instantOf, newestFirst, wordOf } from './words.ts'

type Stay = Encounter & { id: string }

const OPEN = ['arrived', 'triaged', 'in-progress', 'onleave']
/** The list of ambulances carries a score as a second reason; the problem is the first. */
const reasonOf = (stay: Stay): string => wordOf(stay.reasonCode?.[0])

export async function readStays(store: ChartSource, patient: string): Promise<readonly Stay[]> {
  const stays = await store.findAll<Encounter>(`Encounter?patient=${patient}&_count=100`)
  return stays.toSorted(newestFirst(({ period }) => instantOf(period?.start)))
}

/** The stay or visit that goes on now, else the next planned one. */
export const currentStay = (stays: readonly Stay[]): Stay | undefined =>
  stays.find(({ status }) => OPEN.includes(status)) ?? stays.find(({ status }) => status === 'planned')

/** Where the patient is: the innermost place first, and the vehicle while it is on its way. `known` is left out. */
export async function placeOf(stay: Stay, names: Names, known = ''): Promise<string> {
  const held = (stay.location ?? []).filter(({ status }) => status !== 'planned' && status !== 'reserved')
  const words = await Promise.all(held.map(({ location }) => names.of(location)))
  const places = [...new Set(words.filter((word) => word !== ''))].toReversed()
  return (places.length > 1 ? places.filter((word) => word !== known) : places).join(', ')
}

/** Expected at a planned room: an ambulance that is not here yet, and when it will be. */
export function arrivalOf(stay: Stay): string | null {
  const planned = stay.location?.find(({ status }) => status === 'planned')
  return instantOf(planned?.period?.start)
}

export async function encounterFace(stay: Stay, names: Names) {
  return {
    id: stay.id,
    kind: wordOf(stay.type?.[0]) || (stay.class?.display ?? 'Kontakt'),
    status: OPEN.includes(stay.status) ? 'open' : stay.status === 'planned' ? 'planned' : 'finished',
    reason: reasonOf(stay),
    place: await placeOf(stay, names),
    start: instantOf(stay.period?.start),
    end: instantOf(stay.period?.end),
  }
}

/** An encounter somebody named, when it is this patient's and may be seen. */
export async function requireOwnStay(source: ChartSource, id: string, patient: string): Promise<string> {
  const stay = await source.find<Encounter>('Encounter', id)
  return stay && idIn(stay.subject, 'Patient') === patient
    ? stay.id
    : refuse(403, 'encounter_not_available', 'this encounter is not the patient’s')
}

export { reasonOf }
