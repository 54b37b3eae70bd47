import type { Chart } from './chart.ts'
import { writeCondition } from './encounters.ts'
import { orderLaboratory, type Values } from './laboratory.ts'
import { writeMedicine } from './medicines.ts'
import type { Reading } from './news2.ts'
import { type Note, writeNote } from './notes.ts'
import { wardHoursAgo } from './plausible-times.ts'

/** Long-standing diagnoses: ICD-10 code, name, days since onset. */
export function writeProblems(
  chart: Chart,
  rows: readonly (readonly [code: string, display: string, daysAgo: number])[],
): void {
  for (const [code, display, sinceDaysAgo] of rows) writeCondition(chart, { code, display, sinceDaysAgo })
}

/** Medicines in use: name, ATC, dosage, days since start, and days since stop where it was stopped. */
export function writeMedicines(
  chart: Chart,
  rows: readonly (readonly [name: string, atc: string, dosage: string, daysAgo: number, stopped?: number])[],
): void {
  for (const [name, atc, dosage, sinceDaysAgo, stoppedDaysAgo] of rows) {
    writeMedicine(chart, {
      name,
      atc,
      dosage,
      sinceDaysAgo,
      ...(stoppedDaysAgo === undefined ? {} : { stoppedDaysAgo }),
    })
  }
}

const MORNING_ROUND = 6 * 60

/** The same panel over time: hours ago and values. Taken on the morning round where that is near. */
export function writePanels(
  chart: Chart,
  requester: string,
  title: string,
  rows: readonly (readonly [hoursAgo: number, values: Values])[],
): void {
  for (const [hoursAgo, values] of rows) {
    orderLaboratory(chart, {
      title,
      hoursAgo: wardHoursAgo(chart, hoursAgo, MORNING_ROUND) ?? hoursAgo,
      values,
      requester,
    })
  }
}

/** When a ward writes what, in minutes after midnight, and what it is called when written at another time. */
const HABITS = new Map([
  ['Previsitt', { minutes: 8 * 60 + 40, otherwise: 'Vurdering' }],
  ['Sykepleienotat natt', { minutes: 6 * 60 + 30, otherwise: 'Sykepleienotat' }],
  ['Sykepleienotat dag', { minutes: 14 * 60 + 20, otherwise: 'Sykepleienotat' }],
  ['Sykepleienotat kveld', { minutes: 21 * 60 + 40, otherwise: 'Sykepleienotat' }],
])

/** Notes of the current encounter. */
export function writeNotes(
  chart: Chart,
  rows: readonly (readonly [hoursAgo: number, type: Note['type'], title: string, author: string, text: string])[],
): void {
  for (const [hoursAgo, type, title, author, text] of rows) {
    const habit = HABITS.get(title)
    const usual = habit && wardHoursAgo(chart, hoursAgo, habit.minutes)
    writeNote(chart, {
      hoursAgo: usual ?? hoursAgo,
      type,
      title: habit && usual === undefined ? habit.otherwise : title,
      author,
      text,
    })
  }
}

/** The everyday panel: Hb, CRP, leukocytes, Na, K, creatinine, albumin, platelets. */
export const blood = (
  ...[hemoglobin, crp, leukocytes, sodium, potassium, creatinine, albumin, platelets]: readonly [
    ...(readonly [number, number, number, number]),
    ...(readonly [number, number, number, number]),
  ]
): Values => ({ hemoglobin, crp, leukocytes, sodium, potassium, creatinine, albumin, platelets })

/** A round: respirations, saturation, systolic, diastolic, pulse, temperature, litres of oxygen. Awake, scale 1. */
export const signs = (
  respirations: number,
  saturation: number,
  ...[systolic, diastolic, pulse, temperature, oxygenLitres = 0]: readonly [number, number, number, number, number?]
): Reading => ({
  respirations,
  saturation,
  scale: 1,
  oxygenLitres,
  systolic,
  diastolic,
  pulse,
  alert: true,
  temperature,
})
