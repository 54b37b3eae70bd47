import { readTaken, type TakenFace } from './access.ts'
import { readPatient, type PatientFace } from './patients.ts'
import { boolean, instant, listOf, nullable, number, oneOf, record, text, type Reader } from './read.ts'

/** Allergies and other critical information, most severe first. */
type CriticalFace = {
  readonly kind: 'allergy' | 'critical'
  readonly text: string
  readonly reaction: string | null
  readonly severity: 'high' | 'low' | 'unknown'
}

type EncounterFace = {
  readonly id: string
  readonly kind: string
  readonly status: 'planned' | 'open' | 'finished'
  readonly reason: string
  readonly place: string
  readonly start: Date | null
  readonly end: Date | null
}

const VITALS = [
  'news2',
  'respiration',
  'spo2',
  'oxygen',
  'bloodPressure',
  'pulse',
  'consciousness',
  'temperature',
  'weight',
] as const
export type VitalKey = (typeof VITALS)[number]

export type VitalSeries = {
  readonly key: VitalKey
  readonly unit: string
  /** Oldest first; `lower` is the diastolic half of a blood pressure. */
  readonly points: readonly { readonly at: Date; readonly value: number; readonly lower: number | null }[]
  /** What the newest answer is called where it is a word: how awake somebody is. */
  readonly word: string | null
}

export type LabFace = {
  readonly code: string
  readonly name: string
  readonly unit: string
  readonly reference: string
  /** As many in every answer of the analysis: 4,0 beside 4,2. */
  readonly decimals: number
  /** Newest first. */
  readonly results: readonly LabResult[]
}

export type LabResult = {
  readonly at: Date
  readonly value: number | null
  readonly text: string | null
  readonly flag: 'H' | 'L' | 'HH' | 'LL' | 'A' | null
  readonly preliminary: boolean
  /** Named when another trust's laboratory answered. */
  readonly source: string | null
}

export type DocumentFace = {
  readonly id: string
  readonly title: string
  readonly type: string
  readonly at: Date
  readonly author: string
  readonly body: string
  /** Blocked by the patient, and opened for a while. */
  readonly opened: boolean
}

type ImagingFace = {
  readonly id: string
  readonly title: string
  readonly modality: string
  readonly at: Date
  readonly images: number | null
  readonly conclusion: string | null
}

/** A task that asks for an app; `app` is null where there is no way into it, and `hindrance` says why. */
export type TaskFace = {
  readonly id: string
  readonly what: string
  readonly urgent: boolean
  readonly by: string
  readonly owner: string
  readonly at: Date | null
  readonly due: Date | null
  readonly app: string | null
  readonly hindrance: 'app-not-here' | 'malformed' | 'not-yours' | null
  /** Of an app that starts by itself, outside the work surface. */
  readonly address: string | null
}

type MedicationFace = {
  readonly name: string
  readonly dosage: string
  readonly since: Date | null
  readonly given: boolean
}

type OrderFace = {
  readonly id: string
  readonly what: string
  readonly status: string
  readonly urgent: boolean
  readonly at: Date | null
  readonly by: string
}

/** The chart of one patient, as much as the overview pages show. */
export type PatientChart = {
  readonly patient: PatientFace
  readonly now: Date
  readonly contact: readonly { readonly label: string; readonly value: string }[]
  readonly critical: readonly CriticalFace[]
  readonly encounters: readonly EncounterFace[]
  readonly conditions: readonly { readonly text: string; readonly code: string | null; readonly since: Date | null }[]
  readonly vitals: readonly VitalSeries[]
  readonly oxygenScale2: boolean
  /** One measurement of the newest score gave three points. */
  readonly news2Three: boolean
  readonly labs: readonly LabFace[]
  /** Regular ones first; of those `given` here, the last dose of each. */
  readonly medications: readonly MedicationFace[]
  readonly orders: readonly OrderFace[]
  readonly imaging: readonly ImagingFace[]
  readonly documents: readonly DocumentFace[]
  readonly tasks: readonly TaskFace[]
  /** FHIR types the role may not see of this patient: what is empty then says nothing. */
  readonly closed: readonly string[]
  /** Opened to learn from: one's own earlier visits and nothing else, and no app. */
  readonly learning: boolean
  /** What the person gave themselves access by; empty where care gives it. */
  readonly access: readonly TakenFace[]
  /** True only for those who could open what the patient has blocked: others are not told that there is anything. */
  readonly mayOpenBlocked: boolean
}

const readLabResult = record<LabResult>({
  at: instant,
  value: nullable(number),
  text: nullable(text),
  flag: nullable(oneOf('H', 'L', 'HH', 'LL', 'A')),
  preliminary: boolean,
  source: nullable(text),
})

const readVitals = record<VitalSeries>({
  key: oneOf(...VITALS),
  unit: text,
  points: listOf(record<VitalSeries['points'][number]>({ at: instant, value: number, lower: nullable(number) })),
  word: nullable(text),
})

const readEncounter = record<EncounterFace>({
  id: text,
  kind: text,
  status: oneOf('planned', 'open', 'finished'),
  reason: text,
  place: text,
  start: nullable(instant),
  end: nullable(instant),
})

export const readChart: Reader<PatientChart> = record<PatientChart>({
  patient: readPatient,
  now: instant,
  contact: listOf(record<PatientChart['contact'][number]>({ label: text, value: text })),
  critical: listOf(
    record<CriticalFace>({
      kind: oneOf('allergy', 'critical'),
      text,
      reaction: nullable(text),
      severity: oneOf('high', 'low', 'unknown'),
    }),
  ),
  encounters: listOf(readEncounter),
  conditions: listOf(
    record<PatientChart['conditions'][number]>({ text, code: nullable(text), since: nullable(instant) }),
  ),
  vitals: listOf(readVitals),
  oxygenScale2: boolean,
  news2Three: boolean,
  labs: listOf(
    record<LabFace>({
      code: text,
      name: text,
      unit: text,
      reference: text,
      decimals: number,
      results: listOf(readLabResult),
    }),
  ),
  medications: listOf(record<MedicationFace>({ name: text, dosage: text, since: nullable(instant), given: boolean })),
  orders: listOf(
    record<OrderFace>({
      id: text,
      what: text,
      status: text,
      urgent: boolean,
      at: nullable(instant),
      by: text,
    }),
  ),
  imaging: listOf(
    record<ImagingFace>({
      id: text,
      title: text,
      modality: text,
      at: instant,
      images: nullable(number),
      conclusion: nullable(text),
    }),
  ),
  documents: listOf(
    record<DocumentFace>({ id: text, title: text, type: text, at: instant, author: text, body: text, opened: boolean }),
  ),
  tasks: listOf(
    record<TaskFace>({
      id: text,
      what: text,
      urgent: boolean,
      by: text,
      owner: text,
      at: nullable(instant),
      due: nullable(instant),
      app: nullable(text),
      hindrance: nullable(oneOf('app-not-here', 'malformed', 'not-yours')),
      address: nullable(text),
    }),
  ),
  closed: listOf(text),
  learning: boolean,
  access: listOf(readTaken),
  mayOpenBlocked: boolean,
})
