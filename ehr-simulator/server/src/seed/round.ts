import type { Chart } from './chart.ts'
import type { Reading } from './news2.ts'
import { type MeasuredAt, roundOfSigns, scoredRound } from './vital-signs.ts'

const LEAST_AGE = 16

/**
 * NEWS2 is made for neither children under sixteen nor pregnant women (Royal College of Physicians 2017,
 * "Using the NEWS": both have instruments of their own).
 */
function suitsNews2({ patient }: Chart, on: Date): boolean {
  const sixteenth = `${Number(patient.birthDate.slice(0, 4)) + LEAST_AGE}${patient.birthDate.slice(4)}`
  return !patient.pregnant && on.toISOString().slice(0, 10) >= sixteenth
}

/** One round at the bedside, with its score where the score is meant for this patient. */
export function writeRound(chart: Chart, at: MeasuredAt, reading: Reading): void {
  const round = suitsNews2(chart, new Date(at.effective)) ? scoredRound : roundOfSigns
  for (const observation of round(at, reading)) chart.add('obs', observation)
}
