import { type Chart, reference } from './chart.ts'
import { type Stay, writeStay } from './encounters.ts'
import { orderLaboratory, type Values } from './laboratory.ts'
import type { Reading } from './news2.ts'
import { type Note, writeNote } from './notes.ts'
import { clinicHoursAgo } from './plausible-times.ts'
import { writeRound } from './round.ts'

/** An earlier contact with everything it left behind. */
export type Visit = {
  readonly suffix: string
  readonly daysAgo: number
  readonly hours: number
  readonly class: Stay['class']
  readonly unit: string
  readonly reason: string
  readonly diagnosis?: Stay['diagnosis']
  readonly responsible: string
  readonly note: Pick<Note, 'type' | 'title' | 'text' | 'withheld'>
  readonly reading?: Reading
  readonly values?: Values
}

export function writeVisit(chart: Chart, visit: Visit): void {
  const startHoursAgo =
    visit.class === 'AMB' ? clinicHoursAgo(chart, visit.daysAgo * 24, visit.hours * 60) : visit.daysAgo * 24
  const encounter = writeStay(chart, {
    suffix: visit.suffix,
    class: visit.class,
    unit: visit.unit,
    startHoursAgo,
    endHoursAgo: startHoursAgo - visit.hours,
    reason: visit.reason,
    ...(visit.diagnosis ? { diagnosis: visit.diagnosis } : {}),
    responsible: visit.responsible,
  })
  if (visit.reading) {
    const at = {
      subject: chart.subject,
      encounter: reference(`Encounter/${encounter}`),
      effective: chart.at(startHoursAgo - 0.3),
      performer: reference(visit.responsible),
    }
    writeRound(chart, at, visit.reading)
  }
  if (visit.values) {
    orderLaboratory(chart, {
      title: 'Blodprøver',
      hoursAgo: startHoursAgo - 0.2,
      values: visit.values,
      requester: visit.responsible,
      encounter,
    })
  }
  writeNote(chart, {
    ...visit.note,
    hoursAgo: startHoursAgo - visit.hours,
    author: visit.responsible,
    encounter,
  })
}
