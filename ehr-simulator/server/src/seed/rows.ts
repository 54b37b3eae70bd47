import type { Chart } from './chart.ts'
import { writeCondition } from './encounters.ts'
import { orderLaboratory, type Values } from './laboratory.ts'
import { writeMedicine } from './medicines.ts'
import type { Reading } from './news2.ts'
import { type Note, writeNote } from './notes.ts'

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

/** The same panel over time: hours ago and values. */
export function writePanels(
  chart: Chart,
  requester: string,
  title: string,
  rows: readonly (readonly [hoursAgo: number, values: Values])[],
): void {
  for (const [hoursAgo, values] of rows) orderLaboratory(chart, { title, hoursAgo, values, requester })
}

/** Notes of the current encounter. */
export function writeNotes(
  chart: Chart,
  rows: readonly (readonly [hoursAgo: number, type: Note['type'], title: string, author: string, text: string])[],
): void {
  for (const [hoursAgo, type, title, author, text] of rows) writeNote(chart, { hoursAgo, type, title, author, text })
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
