import type { Appointment, Location, Patient, PractitionerRole } from '@medplum/fhirtypes'
import type { ChartSource } from './access/chart-source.ts'
import { createNames } from './names.ts'
import { patientFace, readWarnings } from './patient-face.ts'
import { arrivalOf, currentStay, placeOf, readStays, reasonOf } from './stays.ts'
import { readLatestNews2 } from './vitals.ts'
import { idIn, instantOf, newestFirst } from './words.ts'

/** The unit a role works in: the first place of its PractitionerRole. */
export async function unitNameOf(store: ChartSource, role: string): Promise<string> {
  const post = await store.find<PractitionerRole>('PractitionerRole', role)
  const unit = idIn(post?.location?.[0], 'Location')
  return unit === undefined ? '' : ((await store.find<Location>('Location', unit))?.name ?? '')
}

/** One row a patient: who, where, why, how ill, and what comes next. */
export async function readRow(store: ChartSource, id: string, { unit, now }: { unit: string; now: Date }) {
  const names = createNames(store)
  const patient = await store.find<Patient>('Patient', id)
  if (patient === undefined) return undefined
  const [warnings, stays, news2, next] = await Promise.all([
    readWarnings(store, id),
    readStays(store, id),
    readLatestNews2(store, id),
    readNextAppointment(store, id, now),
  ])
  const stay = currentStay(stays)
  const arrival = stay === undefined ? null : arrivalOf(stay)
  const underway = arrival !== null && stay?.class?.code === 'EMER'
  return {
    patient: patientFace(patient, warnings),
    // On the unit's own list its name is on top already.
    place: stay === undefined ? '' : await placeOf(stay, names, unit),
    status: underway ? 'underway' : stay?.status === 'planned' ? 'planned' : 'present',
    reason: stay === undefined ? '' : reasonOf(stay),
    admitted: instantOf(stay?.period?.start),
    news2,
    next: underway ? { what: 'Ventes inn', at: arrival } : next,
  }
}

async function readNextAppointment(store: ChartSource, patient: string, now: Date) {
  const found = await store.findAll<Appointment>(`Appointment?patient=${patient}&_count=50`)
  const coming = found
    .filter(
      ({ status, start }) => ['booked', 'pending', 'proposed', 'arrived'].includes(status) && instantOf(start) !== null,
    )
    .filter(({ start }) => new Date(start ?? 0) > now)
    .sort(newestFirst(({ start }) => instantOf(start)))
    .at(-1)
  const at = instantOf(coming?.start)
  return coming === undefined || at === null ? null : { what: coming.description ?? 'Oppmøte', at }
}

type Row = NonNullable<Awaited<ReturnType<typeof readRow>>>

/** Every word of the search must begin a name, a number or stand in the place. */
export function matchesSearch({ patient, place }: Row, text: string): boolean {
  const number = patient.number?.value ?? ''
  const [year = '', month = '', day = ''] = patient.birthDate.split('-')
  const starts = [
    ...`${patient.family} ${patient.given}`.split(/[\s-]+/),
    number,
    `${day}${month}${year.slice(-2)}`,
    number.slice(-5),
  ]
  return text
    .toLocaleLowerCase('nb')
    .split(/[\s,]+/)
    .filter((word) => word !== '')
    .every(
      (word) =>
        starts.some((start) => start.toLocaleLowerCase('nb').startsWith(word)) ||
        place.toLocaleLowerCase('nb').includes(word),
    )
}
