import { type Chart, reference } from './chart.ts'
import type { Reading } from './news2.ts'
import { writeRound } from './round.ts'

export type Course = {
  readonly from: Reading
  readonly to: Reading
  /** First and last round, in hours before now. */
  readonly startHoursAgo: number
  readonly endHoursAgo: number
  readonly everyHours: number
  readonly by: string
  readonly encounter?: string
}

const between = (from: number, to: number, share: number): number => from + (to - from) * share

/** Rounds at the bedside over some days: a course from one state to another with everyday scatter. */
export function writeRounds(chart: Chart, course: Course): void {
  const span = course.startHoursAgo - course.endHoursAgo
  const rounds = Math.max(1, Math.floor(span / course.everyHours))
  for (let index = 0; index <= rounds; index += 1) {
    const share = index / rounds
    const scatter = (width: number): number => (chart.random() - 0.5) * 2 * width
    const value = (name: 'respirations' | 'saturation' | 'systolic' | 'diastolic' | 'pulse', width: number): number =>
      Math.round(between(course.from[name], course.to[name], share) + scatter(width))
    const reading: Reading = {
      ...(share < 0.5 ? course.from : course.to),
      respirations: value('respirations', 1.2),
      saturation: Math.min(100, value('saturation', 1)),
      systolic: value('systolic', 6),
      diastolic: value('diastolic', 4),
      pulse: value('pulse', 4),
      temperature: Number((between(course.from.temperature, course.to.temperature, share) + scatter(0.2)).toFixed(1)),
    }
    const at = {
      subject: chart.subject,
      encounter: reference(`Encounter/${course.encounter ?? chart.patient.encounter}`),
      effective: chart.at(course.startHoursAgo - index * course.everyHours),
      performer: reference(course.by),
    }
    writeRound(chart, at, reading)
  }
}
