import type { CodeableConcept, Observation, ObservationComponent, Quantity } from '@medplum/fhirtypes'
import type { LiteralReference } from './chart.ts'
import { concept, hl7, local, loinc, quantity, snomed } from './codings.ts'
import { news2Of, type Reading } from './news2.ts'

/** What a set of measurements has in common. */
export type MeasuredAt = {
  readonly subject: LiteralReference
  /** Null for what was measured outside any contact of this trust, say at the general practitioner's. */
  readonly encounter: LiteralReference | null
  readonly effective: string
  readonly performer: LiteralReference
}

const VITAL = [concept('Vitale tegn', hl7('observation-category', 'vital-signs', 'Vital Signs'))]
const SURVEY = [concept('Skår', hl7('observation-category', 'survey', 'Survey'))]

// LOINC and SNOMED CT pairs of no-domain VitalSigns (norway.md §4.2.6).
const codes = {
  pressure: concept('Blodtrykk', loinc('85354-9', 'Blood pressure panel with all children optional')),
  systolic: concept(
    'Systolisk',
    loinc('8480-6', 'Systolic blood pressure'),
    snomed('4471000202106', 'Systolisk blodtrykk'),
  ),
  diastolic: concept(
    'Diastolisk',
    loinc('8462-4', 'Diastolic blood pressure'),
    snomed('4481000202108', 'Diastolisk blodtrykk'),
  ),
  pulse: concept('Hjertefrekvens', loinc('8867-4', 'Heart rate'), snomed('364075005', 'Hjertefrekvens')),
  respirations: concept(
    'Respirasjonsfrekvens',
    loinc('9279-1', 'Respiratory rate'),
    snomed('271625008', 'Respirasjonsfrekvens'),
  ),
  saturation: concept(
    'Oksygenmetning',
    loinc('59408-5', 'Oxygen saturation in Arterial blood by Pulse oximetry'),
    snomed('431314004', 'Perifer oksygenmetning'),
  ),
  temperature: concept('Temperatur', loinc('8310-5', 'Body temperature'), snomed('276885007', 'Kjernetemperatur')),
  weight: concept('Vekt', loinc('29463-7', 'Body weight'), snomed('27113001', 'Kroppsvekt')),
  height: concept('Høyde', loinc('8302-2', 'Body height'), snomed('1153637007', 'Kroppshøyde')),
  bmi: concept('KMI', loinc('39156-5', 'Body mass index (BMI) [Ratio]')),
  oxygen: concept('Oksygentilførsel', loinc('3151-8', 'Inhaled oxygen flow rate')),
  consciousness: concept('Bevissthet', loinc('80288-4', 'Level of consciousness')),
  news2: concept('NEWS2', snomed('1104051000000101', 'Royal College of Physicians NEWS2 total score')),
} as const

const measured = (at: MeasuredAt, category: CodeableConcept[], code: CodeableConcept): Observation => ({
  resourceType: 'Observation',
  status: 'final',
  category,
  code,
  subject: at.subject,
  ...(at.encounter ? { encounter: at.encounter } : {}),
  effectiveDateTime: at.effective,
  issued: at.effective,
  performer: [at.performer],
})

const single = (at: MeasuredAt, code: CodeableConcept, value: Quantity): Observation => ({
  ...measured(at, VITAL, code),
  valueQuantity: value,
})

const perMinute = (value: number): Quantity => quantity(value, '/min')
const pressure = (value: number): Quantity => quantity(value, 'mmHg', 'mm[Hg]')
const score = (value: number): Quantity => quantity(value, 'poeng', '{ScoreOf}')

const bloodPressure = (at: MeasuredAt, systolic: number, diastolic: number): Observation => ({
  ...measured(at, VITAL, codes.pressure),
  component: [
    { code: codes.systolic, valueQuantity: pressure(systolic) },
    { code: codes.diastolic, valueQuantity: pressure(diastolic) },
  ],
})

const heartRate = (at: MeasuredAt, value: number) => single(at, codes.pulse, perMinute(value))
const respiratoryRate = (at: MeasuredAt, value: number) => single(at, codes.respirations, perMinute(value))
const oxygenSaturation = (at: MeasuredAt, value: number) => single(at, codes.saturation, quantity(value, '%'))
export const bodyWeight = (at: MeasuredAt, kilograms: number) => single(at, codes.weight, quantity(kilograms, 'kg'))
export const bodyHeight = (at: MeasuredAt, centimetres: number) => single(at, codes.height, quantity(centimetres, 'cm'))
export const bodyMassIndex = (at: MeasuredAt, value: number) => single(at, codes.bmi, quantity(value, 'kg/m2'))

/** The score with its sub-scores, in the shape of DIPS' NEWS2 profile (norway.md §4.2.7). */
function news2Observation(at: MeasuredAt, reading: Reading): Observation {
  const result = news2Of(reading)
  const part = (code: string, display: string, value: number): ObservationComponent => ({
    code: concept(display, snomed(code, display)),
    valueQuantity: score(value),
  })
  return {
    ...measured(at, SURVEY, codes.news2),
    valueQuantity: score(result.total),
    component: [
      part('1104301000000104', 'Respirasjonsfrekvens', result.respirations),
      reading.scale === 1
        ? part('1104311000000102', 'SpO2 skala 1', result.saturation)
        : part('1104321000000108', 'SpO2 skala 2', result.saturation),
      part('1104331000000105', 'Luft eller oksygen', result.oxygen),
      part('1104341000000101', 'Systolisk blodtrykk', result.systolic),
      part('1104351000000103', 'Puls', result.pulse),
      part('1104361000000100', 'Bevissthet', result.consciousness),
      part('1104371000000107', 'Temperatur', result.temperature),
    ],
  }
}

/** Awake, or newly confused: the two of the five ACVPU answers that these stories need. */
const consciousness = (at: MeasuredAt, alert: boolean): Observation => ({
  ...measured(at, VITAL, codes.consciousness),
  valueCodeableConcept: alert
    ? concept('Våken', local('acvpu', 'A', 'Alert'))
    : concept('Forvirret', local('acvpu', 'C', 'New confusion')),
})

/** All seven measurements NEWS2 is made of. */
export const roundOfSigns = (at: MeasuredAt, reading: Reading): readonly Observation[] => [
  heartRate(at, reading.pulse),
  oxygenSaturation(at, reading.saturation),
  single(at, codes.oxygen, quantity(reading.oxygenLitres, 'l/min', 'L/min')),
  respiratoryRate(at, reading.respirations),
  bloodPressure(at, reading.systolic, reading.diastolic),
  consciousness(at, reading.alert),
  single(at, codes.temperature, quantity(reading.temperature, '°C', 'Cel')),
]

/** The seven and their score. A score is never written without the measurements of the same moment beside it. */
export const scoredRound = (at: MeasuredAt, reading: Reading): readonly Observation[] => [
  ...roundOfSigns(at, reading),
  news2Observation(at, reading),
]
