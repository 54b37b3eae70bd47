import type { Resource } from '@medplum/fhirtypes'
import type { Chart } from './chart.ts'
import { randomFrom } from './random.ts'
import { dayAfter, hoursBefore, hoursBetween, osloDay, osloTime } from './times.ts'
import { isWorkday } from './workdays.ts'

const OPENS = 8 * 60
const CLOSES = 16 * 60
const QUARTER = 15

/**
 * A time at which a clinic is open, in hours before now: on a workday, whole within 08 and 16.
 *
 * It is the nearest one farther from now, so that what has been stays in the past and what lies ahead stays ahead.
 */
export function clinicHoursAgo(chart: Chart, hoursAgo: number, minutes: number): number {
  const step = hoursAgo >= 0 ? -1 : 1
  const quarters = Math.max(1, Math.floor((CLOSES - OPENS - minutes) / QUARTER))
  for (let day = osloDay(hoursBefore(chart.now, hoursAgo)); ; day = dayAfter(day, step)) {
    const random = randomFrom(`${chart.patient.patient}/${day}`)
    const opening = osloTime(day, OPENS + Math.floor(random() * quarters) * QUARTER)
    const found = hoursBetween(opening, chart.now)
    if (isWorkday(day) && (found - hoursAgo) * step <= 0) return found
  }
}

/** When an encounter of this chart began, in hours before now. */
export function startOf(chart: Chart, encounter: string): number {
  const found = chart.resources.find((resource: Resource) => resource.id === encounter)
  const start = found?.resourceType === 'Encounter' ? found.period?.start : undefined
  return start === undefined ? Infinity : hoursBetween(new Date(start), chart.now)
}

/**
 * The nearest time the clock of a ward shows so many minutes after midnight, in hours before now.
 *
 * Undefined where that would move it far, ahead of now or before the patient came: it keeps its place in the story then.
 */
export function wardHoursAgo(chart: Chart, hoursAgo: number, minutes: number): number | undefined {
  const farthest = hoursAgo >= 20 ? 12 : hoursAgo * 0.6
  const admitted = startOf(chart, chart.patient.encounter)
  const day = osloDay(hoursBefore(chart.now, hoursAgo))
  return [-1, 0, 1]
    .map((days) => hoursBetween(osloTime(dayAfter(day, days), minutes), chart.now))
    .filter((hours) => hours > 0 && hours < admitted && Math.abs(hours - hoursAgo) <= farthest)
    .toSorted((a, b) => Math.abs(a - hoursAgo) - Math.abs(b - hoursAgo))[0]
}
